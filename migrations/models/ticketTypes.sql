-- model: ticketTypes
-- collection: concerts/ticketTypes
-- target: showx.ticket_type
-- key: ticket_type_id
-- key from: split_part(d.parent, '/', 2) || '/' || d.id
-- path from: 'concerts/' || replace(t.ticket_type_id, '/', '/ticketTypes/')
-- parents: concerts
-- position: 70
-- bulk: yes
--
-- price is whole units, priceCents minor units.

create view map."ticketTypes" as
select d.path, r.concert_id || '/' || d.id as ticket_type_id, r.concert_id, coalesce(r.name, d.id) as name,
       round(m.price)::bigint as price, k.currency, case when r.quantity between 0 and 100000000 then r.quantity::integer else 0 end as quantity,
       r.sale_starts_at, r.sale_ends_at,
       array_remove(array[
         read.blocking(v.price is null, 'price', 'missing_field', null, 'there is no price'),
         read.blocking(v.price is not null and m.price is null, 'price', 'bad_money', read.shown(v.price), 'the price cannot be read'),
         read.blocking(m.price < 0, 'price', 'bad_value', read.shown(v.price), 'the price is below zero'),
         read.blocking(c.concert_id is null, 'concert', 'missing_parent', 'concerts/' || r.concert_id, 'the concert is not there', 'concerts/' || r.concert_id),
         read.warning(read.is_fraction(m.price), 'price', 'lost_precision', read.shown(v.price), 'a fraction of a minor unit was rounded, half away from zero'),
         read.warning(v.quantity is not null and coalesce(r.quantity not between 0 and 100000000, true), 'quantity', 'bad_value', read.shown(v.quantity),
                      'the quantity cannot be read; taken as 0'),
         read.warning(v.sale_start is not null and r.sale_starts_at is null, 'saleStart', 'bad_time', read.shown(v.sale_start),
                      'the start of the sale cannot be read; it was left out'),
         read.warning(v.sale_end is not null and r.sale_ends_at is null, 'saleEnd', 'bad_time', read.shown(v.sale_end),
                      'the end of the sale cannot be read; it was left out'),
         read.warning(v.currency is not null and r.currency is null, 'currency', 'guessed_value', read.shown(v.currency),
                      'the currency is no ISO code; the concert''s was taken')
       ], null) as issues
from legacy.document d
cross join lateral (
  select coalesce(p.whole, p.cents) as price, p.whole is null as minor, read.value(d.fields, 'quantity', 'qty') as quantity,
         read.value(d.fields, 'saleStart', 'salesStart', 'on_sale') as sale_start, read.value(d.fields, 'saleEnd', 'salesEnd', 'off_sale') as sale_end,
         read.value(d.fields, 'currency') as currency
  from (select read.value(d.fields, 'price') as whole, read.value(d.fields, 'priceCents') as cents offset 0) p
  offset 0) v
cross join lateral (
  select split_part(d.parent, '/', 2) as concert_id, read.text(d.fields, 'name', 'label') as name, read.as_int(v.quantity) as quantity,
         read.as_time(v.sale_start) as sale_starts_at, read.as_time(v.sale_end) as sale_ends_at, read.as_currency(v.currency) as currency
  offset 0) r
left join showx.concert c on c.concert_id = r.concert_id
cross join lateral (select coalesce(read.currency_in(v.price), r.currency, c.currency) as currency offset 0) k
cross join lateral (select read.amount(v.price, read.digits(k.currency), v.minor) as price offset 0) m
where d.collection = 'concerts/ticketTypes' and not d.deleted;
