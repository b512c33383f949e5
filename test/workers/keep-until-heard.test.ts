import { keepUntilHeard } from '../../src/workers/keep-until-heard.ts';

describe('messages to a worker', () => {
  const arrange = () => {
    const sent: string[] = [];
    return { sent, ...keepUntilHeard((message: string) => void sent.push(message)) };
  };

  it('wait until it says that it listens, and keep their order', () => {
    const { sent, tell, heard } = arrange();
    tell('metrics');
    tell('stop');
    expect(sent).toEqual([]);
    heard();
    expect(sent).toEqual(['metrics', 'stop']);
  });

  it('go out at once from then on, and once', () => {
    const { sent, tell, heard } = arrange();
    heard();
    tell('stop');
    heard();
    expect(sent).toEqual(['stop']);
  });
});
