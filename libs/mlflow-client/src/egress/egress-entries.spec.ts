import { entryMatches, parseEgressEntries } from './egress-entries';

/** Whether the only entry of the list speaks of this host and port, reached at this address. */
function matches(entry: string, host: string, port: number, address: string | null = null): boolean {
  const [parsed] = parseEgressEntries(entry);
  return parsed !== undefined && entryMatches(parsed, { host, port }, address);
}

describe('a list of what is allowed or denied', () => {
  it('names hosts in any case and spelling, with or without a port', () => {
    expect(matches('MLflow.Example.com', 'mlflow.example.com', 443)).toBe(true);
    expect(matches('mlflow.example.com.', 'mlflow.example.com', 443)).toBe(true);
    expect(matches('例え.jp', 'xn--r8jz45g.jp', 443)).toBe(true);
    expect(matches('mlflow.example.com:5000', 'mlflow.example.com', 5000)).toBe(true);
    expect(matches('mlflow.example.com:5000', 'mlflow.example.com', 443)).toBe(false);
    expect(matches('example.com', 'mlflow.example.com', 443)).toBe(false);
  });

  it('names addresses and networks, which hold for the address that is connected to', () => {
    expect(matches('10.0.0.0/8', 'mlflow.example.com', 80, '10.1.2.3')).toBe(true);
    expect(matches('10.0.0.0/8', 'mlflow.example.com', 80, '::ffff:10.1.2.3')).toBe(true);
    expect(matches('::ffff:10.0.0.0/104', 'mlflow.example.com', 80, '10.1.2.3')).toBe(true);
    expect(matches('10.0.0.0/8', 'mlflow.example.com', 80, '11.1.2.3')).toBe(false);
    expect(matches('10.0.0.0/8', 'mlflow.example.com', 80)).toBe(false);
    expect(matches('10.1.2.3:5000', '10.1.2.3', 5000, '10.1.2.3')).toBe(true);
    expect(matches('10.1.2.3:5000', '10.1.2.3', 5001, '10.1.2.3')).toBe(false);
    expect(matches('fd12::/16', 'mlflow', 80, 'fd12::1')).toBe(true);
    expect(matches('[fd12::/16]:80', 'mlflow', 80, 'fd12::1')).toBe(true);
    expect(matches('[fd12::1]:80', '[fd12::1]', 81, 'fd12::1')).toBe(false);
  });

  it('names ports alone', () => {
    expect([matches(':5432', 'anywhere', 5432), matches(':5432', 'anywhere', 443)]).toEqual([true, false]);
  });

  it('is separated by commas, spaces or lines, and may be empty', () => {
    expect(parseEgressEntries(' mlflow.example.com, 10.0.0.0/8\n:443  ::1,')).toHaveLength(4);
    expect(parseEgressEntries('')).toEqual([]);
  });

  it.each([
    '10.0.0.0/33',
    '10.0.0/8',
    '10.0.0.256',
    '10.0.0',
    '2130706433',
    '0x7f.1',
    'fd00::/129',
    'fd12::1::2',
    '::ffff:10.0.0.0/64',
    'https://mlflow.example.com',
    'mlflow.example.com/path',
    'mlflow.example.com:0',
    'mlflow.example.com:70000',
    'mlflow.example.com:http',
    'user@mlflow',
    '*',
    ':',
    '-',
    'a..b',
  ])('refuses %s and names it', (entry) => {
    expect(() => parseEgressEntries(`mlflow.example.com, ${entry}`)).toThrow(
      `"${entry}" is no host, address or CIDR network with or without a :port.`,
    );
  });
});
