-- issues_by_path: issues of documents whose path begins like this
-- :search text              the beginning of a path
select list.*
  from {{issues}} as list
 where list.path >= :search and list.path < :search || chr(1114111)
-- sqlite
select list.*
  from {{issues}} as list
 where list.path >= :search and list.path < :search || char(1114111)
