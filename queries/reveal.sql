-- reveal: puts down that somebody looks at a screen's personal data unmasked
-- :screen text
-- :about json = '{}'         what was asked of the screen: its parameters and its search
-- offline: no a snapshot has no audit; it leaves personal data out or was audited when it was taken
select audit.reveal(:screen, :about)
