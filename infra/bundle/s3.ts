/** What a function may use of the S3 client. `infra/bundle.ts` makes a file of its own of it. */
export { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
