"""The planted faults: each is a way in which the code could be wrong, and the simulator must tell.

A mutant is a list of edits. An edit names a file below Sources and its text as it stands, in which
[[ ]] encloses what is replaced; the text must stand exactly once in the file. `choice` puts an
expression in the place of another, `branch` statements in the place of others.
"""
from typing import NamedTuple


class Edit(NamedTuple):
    file: str
    text: str
    fault: str
    is_expression: bool


class Mutant(NamedTuple):
    edits: list
    profile: str  # where the fault shows soonest
    by_shipped: bool  # whether the cities work by the shipped process file as well


def choice(file, text, fault):
    return Edit(file, text, fault, True)


def branch(file, text, fault):
    return Edit(file, text, fault, False)


def mutant(*edits, profile="storm", by_shipped=False):
    return Mutant(list(edits), profile, by_shipped)


ORDER, FOLD = "Casework/MergeOrder.swift", "Casework/FoldRun.swift"
GRAPH, JUDGE = "Casework/EventGraph.swift", "Casework/Judgement.swift"
ACCEPT, ROUTING = "Store/StoreTransaction+Accept.swift", "Store/StoreTransaction+Routing.swift"
TAKING, REPAIR = "Store/StoreTransaction+Taking.swift", "Store/StoreTransaction+Repair.swift"
READER, QUOTA = "Store/StoreReader.swift", "Store/StoreTransaction+Quota.swift"
LINK_REPAIR, SENDING = "Replication/Link+Repair.swift", "Replication/Link+Sending.swift"
GREETING, TREES = "Replication/Link+Greeting.swift", "Replication/TreeHistory.swift"
COUNTER, CLOCK = "Ledger/StartCounter.swift", "Ledger/HybridTime.swift"
RUN, INCARNATION = "Ledger/RunVerifier.swift", "Store/StoreTransaction+Incarnation.swift"
WARNINGS, CASE_CLOCKS = "Store/StoreTransaction+Warnings.swift", "Casework/Clocks/CaseClocks.swift"
ACCOUNT, OUTBOX = "Casework/Accounts/Account.swift", "Store/StoreTransaction+Outbox.swift"

MUTANTS = {
    # The merge.
    "sort_by_time": mutant(choice(ORDER, "func precedes(_ a: Int, _ b: Int) -> Bool {\n    let (x, y) = (keys[a], keys[b])\n    if [[x.rank != y.rank]]", "false")),
    "own_time_breaks_ties": mutant(choice(GRAPH, "tie = [[max(tie, ties[above])]]", "tie")),
    "greater_hash_first": mutant(choice(ORDER, "return x.tie != y.tie ? x.tie < y.tie : [[x.hash < y.hash]]", "x.hash > y.hash")),
    "founder_has_no_rank": mutant(choice(ORDER, "rank: [[input.region == first]] ?", "false")),
    "conflict_forgotten": mutant(branch(FOLD, "[[state.conflicts.append(\n        Conflict(slot: slot, winner: input(rival).event.hash, loser: loser))]]", "_ = loser")),
    "close_ignores_facts": mutant(choice(FOLD, "state.needsReview = [[needsReview(after: moves, family: state.family)]]", "false")),
    "review_ends_with_archive": mutant(choice(FOLD, "let close = moves.last { [[ending(of: $0, family: family) != .afterClose]] }", "true"), profile="rural", by_shipped=True),
    "any_stage_permits": mutant(choice(JUDGE, "guard let stage = before.stage, [[from.contains(stage.stage)]]", "true"), profile="hostile"),
    "any_place_permits": mutant(choice(JUDGE, "[[places.isEmpty]]\n      || places.contains", "true")),
    "unknown_kind_unnoticed": mutant(choice(FOLD, "if [[isKindUnknown]] { state.isPartlyUnderstood = true }", "false"), profile="upgrade"),
    "every_decision_counts": mutant(branch(FOLD, "for position in late { [[outcomes[input(position).event.hash] = .ineffective(.alreadyDecided)]] }", "_ = position")),
    "decision_on_any_pair": mutant(choice(JUDGE, "case .decided: [[.fails(.alreadyDecided)]]", ".decides(pair, verdict)"), profile="hostile"),
    "fast_path_on_any_heads": mutant(choice(ACCEPT, "[[event.parents == record.heads]], event.isFounding", "true")),
    "fast_path_while_waiting": mutant(choice(ACCEPT, "guard [[!record.waits]], event.parents", "true"), profile="hostile"),
    "fast_path_keeps_review": mutant(choice("Casework/Folder.swift", "current.needsReview && [[leavesClosed(verdict, of: current)]]", "true")),

    # Cursors, repairs, incarnations.
    "running_hash_ignored": mutant(choice(READER, "[[running == place.running]]\n      else", "true")),
    "incarnation_ignored": mutant(
        choice(READER, "guard [[place.incarnation == incarnation]] else { return .mismatch }", "true"),
        choice(GREETING, "case .at(let cursor) where [[cursor.incarnation == theirs.incarnation]]", "true")),
    "repair_keeps_cursors": mutant(branch(REPAIR, "[[try setCursor(peer, lane, .void)]]", "_ = lane")),
    "repair_ends_early": mutant(choice(LINK_REPAIR, "if current.outstanding.isEmpty, [[!current.unasked.isEmpty]]", "false")),
    "doubles_not_noted": mutant(choice(ACCEPT, "guard [[source != Interning.ownSource]] else { return }\n    try connection.execute", "false"), profile="move"),
    "chains_left_out": mutant(choice(SENDING, "where [[carriedKeys.insert(key).inserted]]", "false")),
    "acknowledged_when_sent": mutant(choice(SENDING, "return [[[.sendBatch(batch)] + pump(at: now)]]", "[.sendBatch(batch), .noteAcknowledged(batch.lane, batch.endPosition)] + pump(at: now)")),
    "window_unbounded": mutant(choice(SENDING, "guard [[inFlight.count < ReplicationBounds.unacknowledgedBatches]]", "true"), profile="rural"),
    "start_counter_ignored": mutant(
        choice(COUNTER, "if let beside, [[beside == inside]]", "true"),
        choice(COUNTER, "[[lastBeside <= lastInside]]", "true"),
        choice(COUNTER, "[[!isReplaced]] {", "true")),
    "last_sequence_ignored": mutant(choice(COUNTER, "[[lastBeside <= lastInside]]", "true")),
    "replacement_unnoticed": mutant(choice(INCARNATION, "guard [[origin.region == identity.region]], origin.incarnation", "false")),

    # Scope and routing.
    "widening_forgotten": mutant(choice(ROUTING, "for record in touched where [[!record.isNew && record.audience != record.audienceBefore]]", "false")),
    "widening_by_todays_tree": mutant(choice(TREES, "region == named || [[trees.contains { $0.tree.isAtOrAbove(region, named) }]]", "(newest?.isAtOrAbove(region, named) ?? false)"), profile="move"),
    "anybody_widens": mutant(choice(TREES, "[[region == named]] || trees.contains", "true"), profile="hostile"),
    "down_to_everybody": mutant(branch("Replication/Router.swift", "[[if let parent { peers.insert(parent) }]]", "peers.formUnion(neighbours)")),
    "new_tree_routes_nothing": mutant(choice(ROUTING, "guard [[!grown.isEmpty]] else { return [] }", "false"), profile="move"),
    "urgent_leaves_ancestors": mutant(choice(ROUTING, "guard [[convoy.unsent[way]?.isEmpty == false]] else { return }", "false")),
    "urgent_without_quota": mutant(choice(QUOTA, "if [[verdict == .urgent]] { return .urgent }", "true"), profile="hostile"),

    # Verifying and storing.
    "nothing_is_verified": mutant(choice(RUN, "let good = [[vouched[origin] == commits[index].hash || isSigned(commits[index])]]", "true"), profile="hostile"),
    "key_for_any_region": mutant(
        choice(TAKING, "[[$0.mayStamp(commit.stamp)]] && judge.isSigned", "true"),
        choice(TAKING, "guard [[key.mayStamp(stamp)]] else", "true"), profile="hostile"),
    "commit_is_idempotent": mutant(choice(ACCEPT, "if held != nil, [[try isHeld(eventRow)]]", "true")),
    "closure_forgets_history": mutant(choice("Store/StoreTransaction+Closures.swift", "closedOrigins = try ClosedOrigins(connection)\n    guard [[closedOrigins.isInForce(entity)]] else { return }", "false"), profile="hostile"),
    "foreign_clock_believed": mutant(choice(CLOCK, "if [[time.milliseconds > wallMilliseconds + Self.toleranceMilliseconds]]", "false")),
    "clock_steps_back": mutant(choice(CLOCK, "last = [[wall > last]] ? wall", "true")),

    # Warnings, clocks and supervision.
    "warning_written_twice": mutant(choice(WARNINGS, "[[!given.contains($0.warning.key)]] && warner", "true")),
    "missed_level_forgotten": mutant(choice(WARNINGS, "visits: [[history.visits]], of: family", "Array(history.visits.suffix(1))"), profile="rural"),
    "red_opens_no_case": mutant(choice(WARNINGS, "let (id, lead) = [[try lead(concernedBy: earned)]], !supervised", "nil")),
    "extension_ignored": mutant(choice(CASE_CLOCKS, "events.filter { [[$0.effect == .extends]] && $0", "false"), profile="calm"),
    "suspension_not_ended": mutant(choice(CASE_CLOCKS, "Suspension(fromMilliseconds: since, toMilliseconds: [[event.atMilliseconds]])", "nil"), profile="calm"),

    # Cases, duty lists, people, and who knew what when.
    "once_ignored": mutant(
        choice(JUDGE, "from.contains(stage.stage), [[!rule.isSpent(at: stage)]]", "true"),
        choice("Casework/Permission.swift", "if [[rule.isSpent(at: state.stage)]] { return spent", "false"), profile="calm"),
    "same_tier_extends": mutant(choice("Casework/Request.swift", "if [[author.tier < request.tier]] { return true }", "author.tier <= request.tier"), profile="calm"),
    "extended_twice": mutant(
        choice(FOLD, "case .adds where [[late.contains(position)]]", "false"),
        choice("Casework/EntityState.swift", "if [[facts[kind] != nil]] { return .answered }", "false"),
        choice("Casework/RequestTracker.swift", "if [[isAnswered]] { return .answered }", "false"), profile="calm"),
    "items_without_an_order": mutant(choice("Store/StoreReader+Items.swift", "!void.contains($0) } ?? [[false]]", "true")),
    "items_of_void_orders": mutant(choice("Store/StoreReader+Items.swift", "beside: founding, of: row).map { [[!void.contains($0)]] }", "true || !void.contains($0)"), by_shipped=True),
    "item_opens_no_case": mutant(choice(WARNINGS, "guard let id = [[RectificationItem(earned.state)?.lead]],", "nil"), by_shipped=True),
    "one_person_approves": mutant(choice(JUDGE, "guard [[isAnother]] else { return true }", "false"), profile="calm"),
    "report_stays_linked": mutant(branch("Store/StoreTransaction+Duplicates.swift", "[[try connection.execute(\n        \"DELETE FROM incident_reports WHERE report = ?\", .integer(record.row))]]", "_ = record")),
    "duty_list_of_another_day": mutant(choice("Casework/Duties/PublishedDuties.swift", "last { [[$0.effectiveMilliseconds <= milliseconds]] }", "true"), profile="calm"),
    "revocation_not_applied": mutant(choice(ACCOUNT, "self.isActive = [[stage.stage == \"active\"]]", "true"), profile="calm"),
    "session_survives_password": mutant(choice(ACCOUNT, "Hash(of: given[0].bytes + [[given[2].bytes]])", "given[0].bytes"), profile="calm"),
    "account_to_everybody": mutant(choice(ACCOUNT, "audience: [[Set([founder, name.region]).sorted()]], salt", "[.everyone]"), profile="calm"),
    "known_before_it_was_taken": mutant(choice(OUTBOX, "position <= head.position else { return }\n    try noteHeld(name, upTo: [[position]])", "head.position")),
}
