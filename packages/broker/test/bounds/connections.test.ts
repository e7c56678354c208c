/* How many connections there may be, and what is said in a line when one is ended for what it sent. */

import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import { makeCertificates } from '../certificates.ts';
import { announced, BoundsRig, closed } from './bounds-rig.ts';

test('max.connections and max.connections.per.ip, which may change', async () => {
  const rig = await BoundsRig.start({ config: { 'max.connections': '3', 'max.connections.per.ip': '2' } });
  const client = await rig.client();
  const second = await rig.socket();
  await closed(await rig.socket());
  expect(rig.lines).toEqual(['a connection was refused: there are 2 from 127.0.0.1 already']);
  const set = { name: 'max.connections.per.ip', configOperation: 0, value: '10' };
  const resources = [{ resourceType: 4, resourceName: '1', configs: [set] }];
  const { responses } = await client.send('IncrementalAlterConfigs', { resources });
  expect(responses[0]!.errorCode).toBe(0);
  const third = await rig.socket();
  await closed(await rig.socket());
  expect(rig.lines[1]).toBe('a connection was refused: there are 3 already');
  third.destroy();
  second.destroy();
  await closed(second);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const again = await rig.client();
  expect((await again.send('DescribeCluster', {})).errorCode).toBe(0);
});

test('a TLS handshake that does not end counts, and holds up no stop', async () => {
  const { server, ca } = makeCertificates();
  const rig = await BoundsRig.start({
    listeners: [{ name: 'TLS', protocol: 'SSL', tls: server }],
    config: { 'max.connections': '2' },
  });
  const half = await rig.socket();
  half.write(Buffer.from('16030100c8010000c40303', 'hex'));
  const [, port] = rig.broker.bootstrapServers.split(':');
  const whole = connectTls({ port: Number(port), host: '127.0.0.1', ca, servername: 'localhost' });
  whole.on('error', () => {});
  await new Promise((resolve) => whole.once('secureConnect', resolve));
  await closed(await rig.socket());
  expect(rig.lines.filter((line) => line.includes('refused'))).toEqual([
    'a connection was refused: there are 2 already',
  ]);
  const started = performance.now();
  await rig.broker.stop();
  expect(performance.now() - started).toBeLessThan(2000);
});

test.each([
  [
    'an HTTP request',
    Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    /a request of 1195725856 bytes/,
  ],
  ['a TLS hello', Buffer.from('16030100c8010000c40303', 'hex'), /a request of 369295616 bytes/],
  ['a negative length', announced(-1, Buffer.alloc(8)), /a request of -1 bytes/],
  [
    'an unknown request',
    announced(10, Buffer.from('7070000000000007ffff', 'hex')),
    /request 28784 is not served/,
  ],
  ['half a head', announced(3, Buffer.alloc(3)), /2 bytes were announced, 1 are left/],
])('%s ends its connection, with one line', async (_, bytes, line) => {
  const rig = await BoundsRig.start();
  const socket = await rig.socket();
  socket.write(bytes);
  await closed(socket);
  expect(rig.lines).toEqual([expect.stringMatching(line)]);
  expect((await (await rig.client()).send('DescribeCluster', {})).errorCode).toBe(0);
});

test('who has not logged in may not send much', async () => {
  const rig = await BoundsRig.start({ listeners: [{ protocol: 'SASL_PLAINTEXT' }] });
  const socket = await rig.socket();
  socket.write(announced(524_289, Buffer.alloc(100)));
  await closed(socket);
  expect(rig.lines).toEqual([expect.stringMatching(/524289 bytes was announced, at most 524288 are taken/)]);
});
