// Package openapi writes down what a house answers to programs, and gives it out as
// OpenAPI 3.1 at /openapi.json. A house has one table, an API, with a row for each address:
//
//	{At: "POST /transfers", Does: "Sends money", Who: "session", Header: openapi.Members{"Idempotency-Key": ""},
//		In: openapi.Members{"to": "", "amount": int64(0), "memo?": ""}, Status: 201,
//		Out: openapi.Members{"transfer": transferBody{}}, Codes: "insufficient_funds same_account"},
//
// Bodies are described by samples: a Go value, whose type says what is in it, or Members with
// a sample for each. An address that is in no table and not named as a page keeps the house from
// opening, and a test (internal/deployment) calls every row in a running town and holds request and
// answer against what the document says. The examples in it are from that run.
package openapi
