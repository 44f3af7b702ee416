-- issues_by_path: issues of exactly this code, or of documents whose path begins like this
-- :search text              a code or the beginning of a path
select list.*
  from {{issues}} as list
 where list.code = :search
    or (list.path >= :search and list.path < :search || chr(1114111))
-- sqlite
select list.*
  from {{issues}} as list
 where list.code = :search
    or (list.path >= :search and list.path < :search || char(1114111))
