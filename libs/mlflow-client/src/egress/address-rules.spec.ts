import { addressIsAllowed, isMetadataName, normalAddress } from './address-rules';

describe('addressIsAllowed', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
    '0.0.0.0',
    '0.1.2.3',
    '::',
    '224.0.0.1',
    'ff02::1',
    '255.255.255.255',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
    '2002:a9fe:a9fe::1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::169.254.169.254',
    '[fe80::1]',
    'not-an-address',
    '',
  ])('denies %s under every policy', (address) => {
    expect([addressIsAllowed(address, 'private'), addressIsAllowed(address, 'public')]).toEqual([
      false,
      false,
    ]);
  });

  it.each([
    '127.0.0.1',
    '127.8.9.1',
    '::1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    'fd12::1',
    '::ffff:10.0.0.1',
  ])('allows %s under the private policy only', (address) => {
    expect([addressIsAllowed(address, 'private'), addressIsAllowed(address, 'public')]).toEqual([
      true,
      false,
    ]);
  });

  it.each(['8.8.8.8', '2606:4700::1111', '[2606:4700::1111]'])('allows %s under both policies', (address) => {
    expect([addressIsAllowed(address, 'private'), addressIsAllowed(address, 'public')]).toEqual([true, true]);
  });
});

describe('isMetadataName', () => {
  it.each(['metadata.google.internal', 'METADATA.google.internal.', 'metadata', 'instance-data'])(
    'knows %s',
    (host) => {
      expect(isMetadataName(host)).toBe(true);
    },
  );

  it('lets other names pass', () => {
    expect(isMetadataName('mlflow.example.com')).toBe(false);
  });
});

describe('normalAddress', () => {
  it('gives one spelling to each address', () => {
    expect([normalAddress('::ffff:7f00:1'), normalAddress('[0:0:0:0:0:0:0:1]'), normalAddress('db')]).toEqual(
      ['127.0.0.1', '::1', null],
    );
  });
});
