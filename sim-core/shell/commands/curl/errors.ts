import type { ConnectionError } from '../../../apimachinery/http.ts';
import type { Url } from './url.ts';

/** A transfer that failed: curl's exit code and what it says after "curl: (code) ". */
export class CurlError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const MORE_ON_CERTIFICATES = `
More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the web page mentioned above.`;

/** What curl makes of a connection that Go would describe with `error`. */
export function connectionFailure(error: ConnectionError, { host, port }: Url): CurlError {
  const { message } = error;
  if (message.includes('no such host')) return new CurlError(6, `Could not resolve host: ${host}`);
  if (message.includes('signed by unknown authority'))
    return certificateProblem('certificate problem: unable to get local issuer certificate');
  if (message.includes('has expired'))
    return certificateProblem('certificate problem: certificate has expired');
  if (message.includes('not yet valid'))
    return certificateProblem('certificate problem: certificate is not yet valid');
  if (message.includes('certificate is valid for'))
    return certificateProblem(`: no alternative certificate subject name matches target host name '${host}'`);
  if (message.includes('server gave HTTP response'))
    return new CurlError(35, 'OpenSSL/3.0.13: error:0A00010B:SSL routines::wrong version number');
  switch (error.reason) {
    case 'refused':
      return new CurlError(
        7,
        `Failed to connect to ${host} port ${port} after 0 ms: Couldn't connect to server`,
      );
    case 'timeout':
      return new CurlError(28, `Failed to connect to ${host} port ${port}: Connection timed out`);
    case 'reset':
      return new CurlError(52, 'Empty reply from server');
    case 'tls':
      return new CurlError(35, `TLS connect error: ${message}`);
  }
}

function certificateProblem(text: string): CurlError {
  return new CurlError(60, `SSL ${text}`.replace('SSL :', 'SSL:') + MORE_ON_CERTIFICATES);
}
