/**
 * Where oidc-provider keeps its models: one table, as its example adapters have it, with prepared
 * statements. Without the lookups by user code and by uid, which only the device flow and tokens
 * that end with a browser session need.
 */
const table = `
  CREATE TABLE oidc_models (
    kind text NOT NULL,
    id text NOT NULL,
    grant_id text,
    payload jsonb NOT NULL,
    expires_at timestamptz NOT NULL,
    consumed_at timestamptz,
    PRIMARY KEY (id, kind)
  )`;

/** Makes the table. Returns what the provider makes an adapter for each kind of model with. */
export async function createAdapters(pool) {
  await pool.query(table);
  await pool.query('CREATE INDEX oidc_models_grant_id ON oidc_models (grant_id)');
  return (kind) => {
    const run = (name, text, ...values) => pool.query({ name, text, values: [kind, ...values] });
    return {
      async upsert(id, payload, expiresIn) {
        await run(
          'upsert',
          `INSERT INTO oidc_models (kind, id, grant_id, payload, expires_at)
           VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))
           ON CONFLICT (id, kind) DO UPDATE
           SET grant_id = excluded.grant_id, payload = excluded.payload, expires_at = excluded.expires_at`,
          id,
          payload.grantId,
          payload,
          expiresIn,
        );
      },
      async find(id) {
        const { rows } = await run(
          'find',
          `SELECT payload, consumed_at FROM oidc_models
           WHERE kind = $1 AND id = $2 AND expires_at > now()`,
          id,
        );
        const [row] = rows;
        return row && { ...row.payload, ...(row.consumed_at && { consumed: true }) };
      },
      async consume(id) {
        await run(
          'consume',
          'UPDATE oidc_models SET consumed_at = now() WHERE kind = $1 AND id = $2',
          id,
        );
      },
      async destroy(id) {
        await run('destroy', 'DELETE FROM oidc_models WHERE kind = $1 AND id = $2', id);
      },
      async revokeByGrantId(grantId) {
        await run('revoke', 'DELETE FROM oidc_models WHERE kind = $1 AND grant_id = $2', grantId);
      },
    };
  };
}
