/** Asks once per client and process, and caches the answer. Failures are not cached. */
export function oncePerClient<Client extends object, Answer>(
  ask: (client: Client) => Promise<Answer>,
): (client: Client) => Promise<Answer> {
  const answers = new WeakMap<Client, Promise<Answer>>();
  return (client) => {
    const known = answers.get(client);
    if (known) return known;
    const answer = ask(client);
    answers.set(client, answer);
    answer.catch(() => answers.delete(client));
    return answer;
  };
}
