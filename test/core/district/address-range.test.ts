import fc from 'fast-check';
import { isAddressAllowed, isAddressRange } from '../../../lib/core/district/address-range.ts';

test.each<[string, string, boolean]>([
  ['203.0.113.7', '203.0.113.7', true],
  ['203.0.113.7', '203.0.113.6/31', true],
  ['203.0.113.8', '203.0.113.6/31', false],
  ['203.0.113.7', '203.0.113.99/24', true],
  ['8.8.8.8', '0.0.0.0/0', true],
  ['2001:db8::1', '0.0.0.0/0', false],
  ['8.8.8.8', '::/0', false],
  ['2001:DB8:0:0::1', '2001:db8::/32', true],
  ['2001:db9::1', '2001:db8::/32', false],
  ['::ffff:203.0.113.7', '203.0.113.0/24', true],
  ['203.0.113.7', '::ffff:203.0.113.0/120', true],
  ['::ffff:cb00:7107', '203.0.113.7', true],
  ['010.0.0.1', '10.0.0.1', false],
  ['203.0.113.7', '203.0.113.0/24/24', false],
  ['203.0.113.7', '203.0.113.0/', false],
  ['203.0.113.7', '203.0.113/24', false],
  ['203.0.113.7', '', false],
  ['', '0.0.0.0/0', false],
  ['1::2::3', '::/0', false],
  ['1:2:3:4:5:6:7::', '::/0', true],
  ['1:2:3:4:5:6:7:8::', '::/0', false],
])('%s in %s: %s', (address, cidr, expected) => {
  expect(isAddressAllowed(address, [cidr])).toBe(expected);
});

test('no range at all means everywhere, and one range that is right is enough', () => {
  expect(isAddressAllowed('8.8.8.8', [])).toBe(true);
  expect(isAddressAllowed('8.8.8.8', ['nonsense', '8.8.8.0/24'])).toBe(true);
});

test('exactly the addresses that share the first bits are in a range', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), (one, other, length) => {
      const bits = (address: string) =>
        address
          .split('.')
          .map((part) => Number(part).toString(2).padStart(8, '0'))
          .join('');
      const same = bits(one).slice(0, length) === bits(other).slice(0, length);
      expect(isAddressAllowed(one, [`${other}/${length}`])).toBe(same);
    }),
  );
});

test('every IPv6 address is in its own range', () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      expect(isAddressRange(address)).toBe(true);
      expect(isAddressAllowed(address, [address])).toBe(true);
    }),
  );
});
