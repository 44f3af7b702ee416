/* money: int64 minor units and an ISO 4217 code; never floating point. */
#ifndef SHOWX_BASE_MONEY_H
#define SHOWX_BASE_MONEY_H

#include "base/err.h"
#include <stdbool.h>
#include <stdint.h>

int money_digits(const char *currency); /* minor-unit digits by ISO 4217: 2, 0 (JPY ...), 3 (KWD ...) */
/* "1,234.50 USD"; grouping by commas when grouped. out >= 48 bytes. */
void money_format(int64_t minor, const char *currency, bool grouped, char out[48]);
/* "12.50", "$12.50", "12,50 EUR", "USD 12.50"; more digits than the currency has are an error. */
bool money_parse(const char *s, const char *default_currency, int64_t *ret_minor, char ret_currency[4],
                 err *e);

#endif
