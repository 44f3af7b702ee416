-- gazetteer_end: the audit's one entry for the places loaded
-- :places int
-- offline: no a snapshot is never written to
select audit.summary('showx.city', 'the carried gazetteer (GeoNames 2022, CC BY 4.0)', jsonb_build_object('places', :places))
