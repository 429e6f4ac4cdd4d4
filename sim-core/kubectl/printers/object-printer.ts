import { goQuote } from '../../apimachinery/go-format.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { executeJsonPath, findJsonPath } from '../../client-go/util/jsonpath/evaluate.ts';
import { JsonPathError, parseJsonPath } from '../../client-go/util/jsonpath/parser.ts';
import { executeTemplate } from '../template/execute.ts';
import { TemplateError } from '../template/lexer.ts';
import { type ParsedTemplate, parseTemplate as parseGoTemplate } from '../template/parser.ts';
import { printed } from '../template/values.ts';
import { PrintError } from '../util/errors.ts';
import { goSyntax } from '../../apimachinery/go-values.ts';
import { goJson, goJsonAsIs } from '../../apimachinery/json/go-json.ts';
import { parseColumns, parseColumnsFile, printColumns } from './custom-columns.ts';
import { toKyaml } from './kyaml-printer.ts';
import { nameText } from './name-text.ts';
import { toYaml } from '../../apimachinery/json/yaml-writer.ts';

/** Prints one object, or a list of them. */
export interface ObjectPrinter {
  print(object: KubeObject): string;
}

export interface PrinterOptions {
  /** -o, "" for none. */
  readonly output: string;
  /** --template */
  readonly template: string;
  readonly allowedFormats: readonly string[];
  readonly allowMissingKeys: boolean;
  /** JSON and YAML leave them out without it; paths and templates see them always. */
  readonly showManagedFields: boolean;
  readonly noHeaders: boolean;
  readonly files: FileSystem;
  readonly cwd: string;
  /** The object was built here: its fields keep the order of upstream's structures. */
  readonly typed?: boolean;
}

/** Formats with an argument after "=". */
const TEMPLATED = /^(go-template(-file)?|template(file)?|jsonpath(-file|-as-json)?|custom-columns(-file)?)$/;

const lower = (text: string) => text.toLowerCase();

/** Throws "unable to match a printer …" for a format that is none. Models PrintFlags.ToPrinter. */
export function objectPrinter(options: PrinterOptions): ObjectPrinter {
  const equals = options.output.indexOf('=');
  const name = equals < 0 ? options.output : options.output.slice(0, equals);
  const format = TEMPLATED.test(name) ? name : options.output.replace(/^(kyaml|yaml|json|name)$/i, lower);
  const argument = equals < 0 ? options.template : options.output.slice(equals + 1);
  const tidy = (object: KubeObject) => (options.showManagedFields ? object : withoutManagedFields(object));
  const fileText = (what = '--template') => {
    if (argument === '') throw new Error('template format specified but no template given');
    return readTemplate(options, argument, what);
  };
  if (options.allowedFormats.includes(format)) {
    switch (format) {
      case 'json':
        return { print: (object) => `${(options.typed === true ? goJsonAsIs : goJson)(tidy(object), 4)}\n` };
      case 'yaml': {
        let first = true;
        return {
          print: (object) => {
            const separator = first ? '' : '---\n';
            first = false;
            return separator + toYaml(tidy(object));
          },
        };
      }
      case 'kyaml':
        return { print: (object) => toKyaml(tidy(object), options.typed === true) };
      case 'name':
        return {
          print: (object) =>
            itemsOf(object)
              .map((item) => `${nameText(item)}\n`)
              .join(''),
        };
      case 'jsonpath':
        return jsonPathPrinter(argument, options);
      case 'jsonpath-file':
        return jsonPathPrinter(fileText(), options);
      case 'jsonpath-as-json':
        return jsonPathPrinter(argument, options, executeAsJson);
      case 'go-template':
      case 'template':
        return goTemplatePrinter(argument, options);
      case 'go-template-file':
      case 'templatefile':
        return goTemplatePrinter(fileText(), options);
      case 'custom-columns': {
        const columns = parseColumns(argument);
        return { print: (object) => printColumns(columns, itemsOf(object), options.noHeaders) };
      }
      case 'custom-columns-file': {
        const columns = parseColumnsFile(fileText('template').replace(/\n$/, ''));
        return { print: (object) => printColumns(columns, itemsOf(object), options.noHeaders) };
      }
    }
  }
  throw new Error(
    `unable to match a printer suitable for the output format ${JSON.stringify(options.output)}, ` +
      `allowed formats are: ${[...options.allowedFormats].sort().join(',')}`,
  );
}

function itemsOf(object: KubeObject): KubeObject[] {
  return (object.kind ?? '').endsWith('List') && Array.isArray(object.items)
    ? (object.items as KubeObject[])
    : [object];
}

function withoutManagedFields(object: KubeObject): KubeObject {
  if (Array.isArray(object.items) && (object.kind ?? '').endsWith('List')) {
    return { ...object, items: (object.items as KubeObject[]).map(withoutManagedFields) };
  }
  if (object.metadata?.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function jsonPathPrinter(
  template: string,
  { allowMissingKeys }: PrinterOptions,
  execute = executeJsonPath,
): ObjectPrinter {
  if (template === '') throw new Error('template format specified but no template given');
  const nodes = parseTemplate(template);
  return {
    print: (object) => {
      try {
        return execute(nodes, object, { allowMissingKeys });
      } catch (error) {
        if (!(error instanceof JsonPathError)) throw error;
        throw new Error(
          `error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${error.message}. ` +
            `Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n` +
            `\tobject given to jsonpath engine was:\n\t\t${goSyntax(object)}\n\n\n`,
        );
      }
    },
  };
}

/** Models cli-runtime printers.GoTemplatePrinter. */
function goTemplatePrinter(template: string, { allowMissingKeys }: PrinterOptions): ObjectPrinter {
  if (template === '') throw new Error('template format specified but no template given');
  let parsed: ParsedTemplate;
  try {
    parsed = parseGoTemplate(template);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new Error(`error parsing template ${template}, template: output:${error.message}`);
  }
  return {
    print: (object) => {
      try {
        return executeTemplate(parsed, object, { allowMissingKeys });
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        const message = `template: output:${error.message}`;
        throw new PrintError(
          `${error.written}Error executing template: ${message}. Printing more information for debugging the template:\n` +
            `\ttemplate was:\n\t\t${template}\n\traw data was:\n\t\t${goJson(object)}\n` +
            `\tobject given to template engine was:\n\t\t${printed(object)}\n\n`,
          `error executing template ${goQuote(template)}: ${message}`,
        );
      }
    },
  };
}

function parseTemplate(template: string) {
  try {
    return parseJsonPath(template);
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    throw new Error(`error parsing jsonpath ${template}, ${error.message}`);
  }
}

/** What each expression finds, as a list. Models JSONPath.EnableJSONOutput. */
const executeAsJson: typeof executeJsonPath = (nodes, root, options) =>
  findJsonPath(nodes, root, options)
    .map((values) => `${goJson(values, 4)}\n`)
    .join('');

function readTemplate({ files, cwd }: PrinterOptions, path: string, what: string): string {
  try {
    return files.read(resolvePath(cwd, path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new Error(`error reading ${what} ${path}, open ${path}: ${error.message.toLowerCase()}`);
  }
}
