-- issues_by_code: issues of exactly this kind
-- :search text              a code: bad_money, missing_parent, ...
select list.*
  from {{issues}} as list
 where list.code = :search
