-- _page: one page of a list in keyset order. src/catalog/page.c puts these pieces together; what it fills in are names of
-- columns, operators and places of parameters, never data. Each piece begins at a line `-- [name]`.
--
-- A list is sorted by a column, then by its key. Where an index backs that order, the condition is one that Postgres turns
-- into a range of the index: a row comparison, or, where column and key run in opposite directions, a bound on the
-- column that the rest only trims. Elsewhere nulls sort last, and the condition is spelt out.

-- [page]
select page.*
from (
{{body}}
) as page
where {{behind}}
order by {{order}}
limit {{limit}}

-- [start]
true

-- [row]
({{columns}}) {{op}} ({{values}})

-- [range]
{{sort}} {{op}}= {{value}} and ({{sort}} {{op}} {{value}} or ({{keys}}) {{key_op}} ({{key_values}}))

-- [behind]
({{sort}} {{op}} {{value}} or {{sort}} is null or ({{sort}} = {{value}} and ({{keys}}) {{key_op}} ({{key_values}})))

-- [behind_null]
{{sort}} is null and ({{keys}}) {{key_op}} ({{key_values}})

-- [before]
({{sort}} {{op}} {{value}} or ({{sort}} = {{value}} and ({{keys}}) {{key_op}} ({{key_values}})))

-- [before_null]
({{sort}} is not null or ({{keys}}) {{key_op}} ({{key_values}}))
