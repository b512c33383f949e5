import { createDatabaseGate } from '../../src/db/database-gate.ts';

describe('the database gate', () => {
  /** A gate whose probes end when the test says so. */
  function openGate() {
    const probes: { succeed: () => void; fail: () => void }[] = [];
    const events: string[] = [];
    let onProbe = () => {};
    const gate = createDatabaseGate({
      probe: () =>
        new Promise((resolve, reject) => {
          probes.push({ succeed: resolve, fail: () => reject(new Error('still away')) });
          onProbe();
        }),
      interval: 1,
      onClosed: () => events.push('closed'),
      onOpened: () => events.push('opened'),
    });
    const nextProbe = () =>
      new Promise<void>((resolve) => {
        onProbe = resolve;
      });
    return { gate, probes, events, nextProbe };
  }
  const refused = { code: 'SERVICE_UNAVAILABLE', reason: 'DATABASE', retryable: true };

  it('lets everybody wait while it is open', async () => {
    const { gate, probes } = openGate();
    await expect(gate.whileOpen(Promise.resolve('a row'))).resolves.toBe('a row');
    await expect(gate.whileOpen(Promise.reject(new Error('mine')))).rejects.toThrow('mine');
    expect(probes).toHaveLength(0);
  });

  it('refuses at once while it is closed, those too that wait already', async () => {
    const { gate } = openGate();
    const waiting = gate.whileOpen(new Promise(() => {}));
    gate.close();
    await expect(waiting).rejects.toMatchObject(refused);
    await expect(gate.whileOpen(Promise.resolve())).rejects.toMatchObject(refused);
    expect(gate.assertOpen).toThrow(expect.objectContaining(refused));
    gate.stop();
  });

  it('opens with the first probe that succeeds', async () => {
    const { gate, probes, events, nextProbe } = openGate();
    gate.close();
    const again = nextProbe();
    probes[0]?.fail();
    await again;
    expect(gate.isOpen()).toBe(false);
    probes[1]?.succeed();
    await expect(Promise.resolve().then(() => gate.isOpen())).resolves.toBe(true);
    expect(events).toEqual(['closed', 'opened']);
  });

  it('probes once, however many find the database silent', () => {
    const { gate, probes, events } = openGate();
    for (let finder = 0; finder < 20; finder += 1) gate.close();
    expect(probes).toHaveLength(1);
    expect(events).toEqual(['closed']);
    gate.stop();
  });

  it('stays as it is when it was stopped', () => {
    const { gate, probes } = openGate();
    gate.stop();
    gate.close();
    expect(gate.isOpen()).toBe(true);
    expect(probes).toHaveLength(0);
  });
});
