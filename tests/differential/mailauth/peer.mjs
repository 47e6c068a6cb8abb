// mailauth as a peer of the differential tests; tests/differential/exchange.py describes what goes over the pipe.
// Its parts are taken one by one: the whole of it needs a newer Node.js than Debian has.
import { createInterface } from 'node:readline';
import { arc } from 'mailauth/lib/arc/index.js';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { evaluateDmarc } from 'mailauth/lib/dmarc/index.js';
import { spf } from 'mailauth/lib/spf/index.js';

const ERRORS = { nodata: 'ENODATA', nxdomain: 'ENOTFOUND', servfail: 'ESERVFAIL', timeout: 'ETIMEOUT' };
const waiting = [];

const send = message => process.stdout.write(`${JSON.stringify(message)}\n`);

const records = (type, found) => {
    switch (type) {
        case 'TXT':
            return found.map(text => [Buffer.from(text, 'latin1').toString()]);
        case 'MX':
            return found.map(([priority, exchange]) => ({ priority, exchange }));
        default:
            return found;
    }
};

// Answers come in the order of the questions.
const resolver = (name, type) =>
    new Promise((resolve, reject) => {
        waiting.push(answer => {
            if (answer.outcome === 'ok') {
                resolve(records(type, answer.records));
            } else {
                reject(Object.assign(new Error(`${name} ${type}: ${answer.outcome}`), { code: ERRORS[answer.outcome] }));
            }
        });
        send({ ask: [name, type] });
    });

const signatures = async ({ message, nowS }) => {
    const options = { resolver, strict: true, curTime: new Date(nowS * 1000) };
    return { options, found: await dkimVerify(Buffer.from(message, 'base64'), options) };
};

const evaluators = {
    async dkim(message) {
        const { found } = await signatures(message);
        return found.results.map(({ status }) => status.result).filter(result => result !== 'none');
    },

    async arc(message) {
        const { found, options } = await signatures(message);
        return [(await arc(found.arc, options)).status.result];
    },

    async spf({ ip, helo, mailFrom, maxVoidCount }) {
        const found = await spf({ ip, helo, sender: mailFrom, mta: 'mx.example.net', resolver, strict: true, maxVoidCount });
        return { result: found.status.result, domain: found.domain, why: found.status.comment };
    },

    async dmarc({ authors, spfDomains, dkimDomains, strict }) {
        const { response, reason } = await evaluateDmarc({ headerFrom: authors, spfDomains, dkimDomains, resolver, strict });
        if (!response) {
            return { result: null, reason };
        }
        const { status, policy, policyDomain, domain } = response;
        return { result: status.result, policy: policy ?? null, policyDomain: policyDomain ?? null, org: domain };
    }
};

for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line);
    if ('outcome' in message) {
        waiting.shift()(message);
    } else {
        evaluators[message.kind](message)
            .catch(error => ({ result: 'exception', reason: error.stack }))
            .then(result => send({ result }));
    }
}
