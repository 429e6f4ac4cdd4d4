/** Lines of cells as wide as the widest of their column; `isRight` says which columns stand to the right. */
export function alignedLines(
  rows: readonly (readonly string[])[],
  isRight: (column: number) => boolean,
): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        isRight(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join(' ')
      .trimEnd(),
  );
}
