-- model: orders
-- collection: orders
-- target: showx.ticket_order
-- key: order_id
-- also: showx.ticket order_id
-- parents: fans, concerts
-- position: 80
-- bulk: yes
--
-- Tickets are embedded. An order without its fan stands as a guest's, with a warning; one without its concert has no row.

select read.learn_words('order_status', array[w], w) from unnest(array['pending', 'paid', 'refunded', 'partly_refunded', 'cancelled', 'failed']) w;
select read.learn_words('order_status', array['0'], 'pending'), read.learn_words('order_status', array['1', 'complete', 'completed'], 'paid'),
  read.learn_words('order_status', array['2'], 'refunded'), read.learn_words('order_status', array['3', 'canceled'], 'cancelled'),
  read.learn_words('order_status', array['partially_refunded', 'partial_refund'], 'partly_refunded');
select read.learn_words('ticket_status', array[w], w) from unnest(array['valid', 'scanned', 'refunded', 'transferred', 'void']) w;
select read.learn_words('ticket_status', array['ok'], 'valid'), read.learn_words('ticket_status', array['used', 'checked_in'], 'scanned'),
  read.learn_words('ticket_status', array['cancelled', 'canceled'], 'void');

create view map.orders as
select d.path, d.id as order_id, coalesce(r.number, d.id) as order_number, f.fan_id, r.concert_id, r.email::citext as email,
       coalesce(r.buyer_name, '') as buyer_name, t.ordered_at, coalesce(w.meant, 'pending') as status,
       round(m.total)::bigint as total, greatest(round(coalesce(m.fees, 0)), 0)::bigint as fees,
       least(greatest(round(coalesce(m.refunded, 0)), 0), round(m.total))::bigint as refunded, k.currency, r.channel,
       i.ticket,
       array_remove(array[
         read.blocking(v.total is null, 'total', 'missing_field', null, 'there is no total'),
         read.blocking(v.total is not null and m.total is null, 'total', 'bad_money', read.shown(v.total), 'the total cannot be read'),
         read.blocking(m.total < 0, 'total', 'bad_value', read.shown(v.total), 'the total is below zero'),
         read.blocking(v.ordered is not null and r.ordered_at is null, 'orderedAt', 'bad_time', read.shown(v.ordered), 'the time of the order cannot be read'),
         read.blocking(r.concert_id is null, 'concert', 'missing_field', null, 'the order names no concert'),
         read.blocking(c.concert_id is null, 'concert', 'missing_parent', 'concerts/' || r.concert_id, 'the concert is not there', 'concerts/' || r.concert_id),
         read.warning(r.fan_id is not null and f.fan_id is null, 'fan', 'missing_parent', 'fans/' || r.fan_id,
                      'the fan is not there; the order stands without', 'fans/' || r.fan_id),
         read.warning(v.status is not null and w.meant is null, 'status', 'unknown_enum', read.shown(v.status), 'the status is not known; taken as pending'),
         read.warning(i.n > 0 and i.sum + round(coalesce(m.fees, 0)) <> round(m.total), 'total', 'sum_mismatch', read.shown(v.total),
                      'tickets and fees do not add up to the total; both stand as found'),
         read.warning(read.is_fraction(m.total), 'total', 'lost_precision', read.shown(v.total), 'a fraction of a minor unit was rounded, half away from zero'),
         read.warning(v.fees is not null and m.fees is null, 'fees', 'bad_money', read.shown(v.fees), 'the fees cannot be read; taken as 0'),
         read.warning(m.fees < 0, 'fees', 'bad_value', read.shown(v.fees), 'the fees are below zero; taken as 0'),
         read.warning(v.refunded is not null and m.refunded is null, 'refunded', 'bad_money', read.shown(v.refunded), 'the refund cannot be read; taken as 0'),
         read.warning(m.refunded < 0, 'refunded', 'bad_value', read.shown(v.refunded), 'the refund is below zero; taken as 0'),
         read.warning(round(m.refunded) > round(m.total), 'refunded', 'bad_value', read.shown(v.refunded), 'more refunded than paid; cut to the total'),
         read.warning(v.email is not null and r.email is null, 'email', 'bad_email', read.shown(v.email), 'the e-mail address cannot be one; it was left out'),
         read.warning(v.currency is not null and r.currency is null, 'currency', 'guessed_value', read.shown(v.currency),
                      'the currency is no ISO code; the concert''s was taken')
       ], null) || i.issues as issues
from legacy.document d
cross join lateral (
  select read.said(d.fields, b.blanks) as f, b.blanks from (select read.has_blanks(d.fields) as blanks offset 0) b offset 0) o
cross join lateral (
  select read.at(o.f, 'email', 'mail') as email, read.at(o.f, 'orderedAt', 'createdAt', 'date') as ordered,
         read.at(o.f, 'status', 'state') as status, read.at(o.f, 'currency') as currency, read.at(o.f, 'tickets') as tickets,
         coalesce(x.total, x.total_cents) as total, x.total is null as total_minor,
         coalesce(x.fees, x.fees_cents, x.service_fee) as fees, x.fees is null and x.fees_cents is not null as fees_minor,
         coalesce(x.refunded, x.refunded_cents, x.refund) as refunded, x.refunded is null and x.refunded_cents is not null as refunded_minor
  from (select read.at(o.f, 'total') as total, read.at(o.f, 'totalCents') as total_cents, read.at(o.f, 'fees') as fees,
               read.at(o.f, 'feesCents') as fees_cents, read.at(o.f, 'service_fee') as service_fee,
               read.at(o.f, 'refunded') as refunded, read.at(o.f, 'refundedCents') as refunded_cents,
               read.at(o.f, 'refund') as refund
        offset 0) x
  offset 0) v
cross join lateral (
  select coalesce(read.as_text(read.at(o.f, 'orderNumber', 'orderNo')), 'SX-' || read.as_text(read.at(o.f, 'number'))) as number,
         read.as_ref(read.at(o.f, 'fan', 'fanId', 'user_id')) as fan_id, read.as_ref(read.at(o.f, 'concert', 'concertId', 'event_id')) as concert_id,
         read.as_email(v.email) as email, read.as_time(v.ordered) as ordered_at, read.as_currency(v.currency) as currency,
         coalesce(read.as_text(read.member(read.at(o.f, 'buyer'), 'name')), read.as_text(read.at(o.f, 'buyerName', 'name'))) as buyer_name,
         read.as_text(read.at(o.f, 'channel', 'via')) as channel
  offset 0) r
cross join lateral (
  select coalesce(r.ordered_at, case when v.ordered is null then read.own_time(d.create_time, d.version) end) as ordered_at offset 0) t
left join showx.fan f on f.fan_id = r.fan_id
left join showx.concert c on c.concert_id = r.concert_id
left join read.word w on w.kind = 'order_status' and w.said = read.slug(read.as_text(v.status))
cross join lateral (select coalesce(read.currency_in(v.total), r.currency, c.currency) as currency offset 0) k
cross join lateral (
  select read.amount(v.total, read.digits(k.currency), v.total_minor) as total, read.amount(v.fees, read.digits(k.currency), v.fees_minor) as fees,
         read.amount(v.refunded, read.digits(k.currency), v.refunded_minor) as refunded
  offset 0) m
cross join lateral (
  select count(*) filter (where y.is_ticket) as n, coalesce(sum(y.price) filter (where y.is_ticket), 0) as sum,
         array_agg(row(d.id, t.ordered_at, y.nth, r.concert_id || '/' || y.type, r.concert_id, y.barcode, y.price, k.currency, y.status, y.holder,
                       y.scanned_at)::showx.ticket order by y.nth) filter (where y.is_ticket) as ticket,
         coalesce(array_agg(y.wrong_member) filter (where y.wrong_member is not null), '{}')
           || coalesce(array_agg(y.wrong_price) filter (where y.wrong_price is not null), '{}')
           || coalesce(array_agg(y.wrong_status) filter (where y.wrong_status is not null), '{}')
           || coalesce(array_agg(y.wrong_scan) filter (where y.wrong_scan is not null), '{}') as issues
  from (
    select e.is_ticket, e.nth, read.as_ref(e.type) as type, e.barcode, coalesce(greatest(round(e.amount), 0), 0)::bigint as price,
           coalesce(s.meant, 'valid') as status, e.holder, e.scanned_at,
           read.warning(not e.is_ticket, 'tickets[' || e.nth - 1 || ']', 'bad_value', read.shown(e.item), 'a member of tickets is not a ticket; it was left out') as wrong_member,
           read.warning(e.price is not null and coalesce(e.amount < 0, true), 'tickets[' || e.nth - 1 || '].price', 'bad_money', read.shown(e.price),
                        'a ticket''s price cannot be read; taken as 0') as wrong_price,
           read.warning(e.status is not null and s.meant is null, 'tickets[' || e.nth - 1 || '].status', 'unknown_enum', read.shown(e.status),
                        'a ticket''s status is not known; taken as valid') as wrong_status,
           read.warning(e.scanned is not null and e.scanned_at is null, 'tickets[' || e.nth - 1 || '].scannedAt', 'bad_time', read.shown(e.scanned),
                        'the time of a scan cannot be read; it was left out') as wrong_scan
    from (
      select q.*, read.as_time(q.scanned) as scanned_at, read.amount(q.price, read.digits(k.currency), q.minor) as amount,
             case when q.status is null and q.used then 'scanned' else read.slug(read.as_text(q.status)) end as said
      from (
        select l.item ? 'mapValue' as is_ticket, l.nth::integer as nth, l.item, read.at(l.f, 'type', 'ticketType') as type,
               coalesce(read.at(l.f, 'price'), read.at(l.f, 'priceCents')) as price, read.at(l.f, 'price') is null as minor,
               read.at(l.f, 'status') as status, read.as_bool(read.at(l.f, 'used')) as used, read.as_text(read.at(l.f, 'barcode', 'code')) as barcode,
               read.as_text(read.at(l.f, 'holder', 'holderName')) as holder, read.at(l.f, 'scannedAt', 'scanned') as scanned
        from (select ml.item, ml.nth, read.said(ml.item #> '{mapValue,fields}', o.blanks) as f from read.members(v.tickets) ml offset 0) l
        offset 0) q
      offset 0) e
    left join read.word s on s.kind = 'ticket_status' and s.said = e.said
    offset 0) y
  offset 0) i
where d.collection = 'orders' and not d.deleted;
