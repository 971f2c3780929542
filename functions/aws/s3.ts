/** What functions use of the S3 client. Imported on first use only: it is as large as all else of a function. */
export { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
