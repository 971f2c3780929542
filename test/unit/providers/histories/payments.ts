/** Payments, invoices and their customers. */
import { type History, history, sent } from './history.ts';

const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';

const adyenAuthorisation = (success: string, eventDate: string) => ({
  live: 'false',
  notificationItems: [
    {
      NotificationRequestItem: {
        pspReference: 'QFQTPCQ8HXSKGK82',
        merchantAccountCode: 'Shop',
        merchantReference: 'order-1',
        amount: { currency: 'EUR', value: 1000 },
        eventCode: 'AUTHORISATION',
        eventDate,
        success,
      },
    },
  ],
});

const braintreeCharge = (timestamp: string, cycle: number) =>
  sent(
    '<notification><kind>subscription_charged_successfully</kind>' +
      `<timestamp type="datetime">${timestamp}</timestamp><subject><subscription><id>plan-7</id>` +
      `<current-billing-cycle type="integer">${cycle}</current-billing-cycle></subscription></subject></notification>`,
    { 'content-type': 'application/x-www-form-urlencoded' },
  );

const mollieInvoice = (change: string, createdAt: string) => ({
  resource: 'event',
  id: `event_${change}`,
  type: `sales-invoice.${change}`,
  entityId: 'invoice_4Y0eZitmBnQ6IDoMqZQKh',
  createdAt,
});

/** Also for `tied.ts`. */
export const quickbooksCustomer = (operation: string, lastUpdated: string) => ({
  eventNotifications: [
    {
      realmId: '310687',
      dataChangeEvent: { entities: [{ name: 'Customer', id: '1', operation, lastUpdated }] },
    },
  ],
});

const quickbooksInvoice = (change: string, time: string) => [
  {
    specversion: '1.0',
    id: `invoice-${change}`,
    source: 'intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=',
    type: `qbo.invoice.${change}.v1`,
    time,
    intuitentityid: '1234',
    intuitaccountid: '310687',
    data: {},
  },
];

const xeroInvoice = (eventType: string, sequence: number) => ({
  events: [
    {
      resourceId: ID,
      // All within one second: only the sequence tells.
      eventDateUtc: `2026-01-01T09:00:00.00${sequence % 10}`,
      eventType,
      eventCategory: 'INVOICE',
      tenantId: 'c2cc9b6e-9458-4c7d-93cc-f02b81b0594f',
    },
  ],
  firstEventSequence: sequence,
  lastEventSequence: sequence,
});

/** By pack. */
export const payments: Readonly<Record<string, readonly History[]>> = {
  adyen: [
    history(
      'AUTHORISATION',
      adyenAuthorisation('false', '2026-01-01T10:00:00+01:00'),
      adyenAuthorisation('true', '2026-01-01T10:00:00+01:00'),
    ),
  ],
  braintree: [
    history(
      'subscription_charged_successfully',
      braintreeCharge('2025-10-31T09:00:00Z', 1),
      braintreeCharge('2025-11-30T09:00:00Z', 2),
      braintreeCharge('2025-12-31T09:00:00Z', 3),
    ),
  ],
  mollie: [
    history(
      'sales-invoice.paid',
      mollieInvoice('created', '2026-01-01T09:00:00.0Z'),
      mollieInvoice('issued', '2026-01-01T09:00:00.1Z'),
      mollieInvoice('paid', '2026-01-01T09:00:00.11Z'),
    ),
  ],
  quickbooks: [
    history(
      'deleted',
      quickbooksCustomer('Create', '2026-01-01T09:00:00Z'),
      quickbooksCustomer('Update', '2026-01-01T02:00:09-07:00'),
      quickbooksCustomer('Delete', '2026-01-01T09:00:10.000Z'),
    ),
    history(
      'invoice.voided',
      quickbooksInvoice('created', '2026-01-01T09:00:00.1Z'),
      quickbooksInvoice('updated', '2026-01-01T09:00:00.2Z'),
      quickbooksInvoice('voided', '2026-01-01T09:00:00.21Z'),
    ),
  ],
  xero: [
    history(
      'INVOICE.UPDATE',
      ...[xeroInvoice('CREATE', 9), xeroInvoice('UPDATE', 10), xeroInvoice('UPDATE', 11)],
    ),
  ],
};
