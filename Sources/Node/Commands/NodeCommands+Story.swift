import Casework
import Ledger
import Regions
import Store

/// A lead's story as it is read, before anybody's language.
struct ToldLead {
  let entity: StoredEntity
  let story: Story
  let places: NodeCommands.Places
}

extension NodeCommands {
  /// Tells the whole story of a lead: the head, then each event in the order of the story; at last what
  /// was done about the reporter's contact, who looked for one, and about each item to rectify.
  package func tellLead(_ arguments: LeadShowArguments) throws -> [StoryRecord] {
    let told = try toldLead(arguments.lead)
    return records(of: told, and: try toldCompanions(of: told))
  }

  private func toldCompanions(of told: ToldLead) throws -> [ToldLead] {
    try core.store.read { reader in
      let id = told.entity.id
      return try (reader.contacts(of: id) + reader.items(of: id)).compactMap { companion in
        try reader.story(of: companion.id).map {
          ToldLead(entity: companion, story: $0, places: told.places)
        }
      }
    }
  }

  /// Reads the story of a lead.
  func toldLead(_ reference: String) throws -> ToldLead {
    try core.store.read { reader in
      let entity = try lead(reference, in: reader)
      guard let story = try reader.story(of: entity.id) else {
        preconditionFailure("a lead was found")
      }
      return ToldLead(entity: entity, story: story, places: try Places(reader))
    }
  }

  /// A story in the language of the request.
  ///
  /// - Parameters:
  ///   - others: entities whose events follow.
  ///   - longestText: how many characters of each text of a body are shown.
  func records(
    of told: ToldLead, and others: [ToldLead] = [], longestText: Int = .max
  ) -> [StoryRecord] {
    let entries = ([told] + others).flatMap { part in part.story.entries.map { ($0, part) } }
    let lines = entries.enumerated().map { index, entry in
      StoryRecord.line(line(entry.0, place: index + 1, of: entry.1, longestText))
    }
    return [.head(head(of: told, events: lines.count))] + lines
  }

  private func head(of told: ToldLead, events: Int) -> StoryHead {
    let (state, story) = (told.entity.state, told.story)
    let lead = state.flatMap { Lead($0) }
    var tiers: [RegionID: Tier] = [:]
    for entry in told.places.tree?.entries ?? [] { tiers[entry.id] = entry.tier }
    return StoryHead(
      schema: StoryHead.schemaName, lead: told.entity.id.description, number: lead?.number,
      title: lead?.title, stage: lead?.header.stage, stageName: state.flatMap { stageName($0) },
      events: events,
      offices: story.offices.map {
        .init(region: $0.rawValue, tier: tiers[$0]?.name, name: name(of: $0, told.places))
      },
      officesLeftOut: story.officesLeftOut,
      conflicts: story.conflicts.map { conflict in
        .init(
          slot: conflict.slot, winner: conflict.winner.description,
          loser: conflict.loser.description, verdict: conflict.decision?.verdict.rawValue,
          decidedBy: conflict.decision?.event.description)
      },
      missing: story.missing.map { Self.word(for: $0) })
  }

  private func line(
    _ told: StoryEntry, place: Int, of lead: ToldLead, _ longestText: Int
  ) -> StoryLine {
    let (entry, state) = (told.entry, lead.entity.state)
    let isStart = entry.effect == .effective && told.step?.entersStage == true
    return StoryLine(
      schema: StoryLine.schemaName, place: place,
      event: lines(of: [entry], state, longestText: longestText)[0],
      regionName: name(of: entry.stamp.origin.region, lead.places),
      lane: entry.stamp.lane == .urgent ? "urgent" : "bulk", from: told.from?.rawValue,
      rule: entry.mergeRule?.rawValue, stageAfter: told.step?.stage,
      stageName: told.step?.stage.map { stageName($0, state) },
      clock: told.clock?.rawValue ?? (isStart ? "starts" : nil),
      missingParents: told.missingParents.map(\.description),
      known: told.known.sorted { $0.key < $1.key }.map { Self.known($0.key, $0.value) },
      notKnown: lead.story.offices.filter { told.known[$0] == nil }.map(\.rawValue))
  }

  private static func known(_ region: RegionID, _ knowledge: Knowledge) -> StoryLine.Known {
    let (word, event): (String, Hash?) =
      switch knowledge.basis {
      case .wrote(let event): ("wrote", event)
      case .accepted: ("accepted", nil)
      case .sent: ("sent", nil)
      case .acknowledged: ("acknowledged", nil)
      }
    return StoryLine.Known(
      region: region.rawValue, since: CommandTime.text(knowledge.sinceMilliseconds), by: word,
      event: event?.description)
  }

  private func name(of region: RegionID, _ places: Places) -> String? {
    CommandTime.day(core.wallMilliseconds()).flatMap { places.directory.name(of: region, on: $0) }
  }
}
