/** The linter that CDK runs in every synth takes seconds; `npm run synth` runs it once, for real. */
process.env.CDK_VALIDATION = 'false';
