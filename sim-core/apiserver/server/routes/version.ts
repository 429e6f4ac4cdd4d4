/** The answer of /version, indented as upstream writes it. Models server/routes/version.go. */
export function versionText(gitVersion: string, gitCommit: string): string {
  const [major = '', minor = ''] = gitVersion.replace(/^v/, '').split('.');
  const previous = String(Number(minor) - 1);
  return JSON.stringify(
    {
      major,
      minor,
      emulationMajor: major,
      emulationMinor: minor,
      minCompatibilityMajor: major,
      minCompatibilityMinor: previous,
      gitVersion,
      gitCommit,
      gitTreeState: 'clean',
      buildDate: '1970-01-01T00:00:00Z',
      goVersion: 'go1.26.1',
      compiler: 'gc',
      platform: 'linux/amd64',
    },
    null,
    2,
  );
}
