import Casework
import Ledger
import Regions
import Store

/// What `origin close` takes.
package struct OriginCloseArguments: Codable, Hashable, Sendable {
  /// A region's id or name.
  package let region: String
  package let incarnation: UInt32
  /// The last sequence whose commit may be good; `nil` for all that are held.
  package var through: UInt64?
  /// Commits that are not good: hashes, or the first eight digits or more.
  package var except: [String] = []
  /// Whether to tell only what would be closed.
  package var dryRun = false

  package init(region: String, incarnation: UInt32) {
    self.region = region
    self.incarnation = incarnation
  }
}

/// One origin as `origin list` tells it.
package struct OriginAnswer: Codable, Hashable, Sendable {
  package let region: String
  package let incarnation: UInt32
  /// The commits that are held here.
  package let commits: UInt64
  /// Those among them that a closure leaves without effect.
  package let barred: UInt64
  package let lastSeq: UInt64
  package let closed: Bool
  /// Whether this node writes under it now.
  package let own: Bool
}

/// What `origin close` answers: schema `liandong.origin_close/1`.
package struct OriginCloseAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let region: String
  package let incarnation: UInt32
  /// The held commits that keep their effect.
  package let good: UInt64
  /// The held commits that have none then, by this closure or an earlier one.
  package let barred: UInt64
  /// The closure's entity; `null` with `dryRun`.
  package let closure: Nullable<String>
  package let dryRun: Bool
}

extension NodeCommands {
  /// The origins that are known here.
  package func listOrigins() throws -> [OriginAnswer] {
    try core.store.read { reader in
      let own = try reader.identity().origin
      return try reader.origins().map { found in
        OriginAnswer(
          region: found.origin.region.rawValue, incarnation: found.origin.incarnation,
          commits: UInt64(found.commits), barred: UInt64(found.barred),
          lastSeq: found.lastSequence, closed: found.isClosed, own: found.origin == own)
      }
    }
  }

  /// Closes an origin (封存) whose key or store fell into wrong hands: what this node holds of it up
  /// to a sequence stays good, minus the commits that are excepted and those that an earlier closure
  /// bars; all else has no effect anywhere.
  ///
  /// - Throws: `CommandError` of exit 77 elsewhere than at the hub and for its own origin, of exit 65
  ///   for an origin that is not held, an unknown commit, and two good commits of one sequence.
  package func closeOrigin(
    _ arguments: OriginCloseArguments, by person: ActingPerson
  ) async throws -> OriginCloseAnswer {
    guard core.tier == .city else {
      throw CommandError(
        .notPermitted, .refused, zh: "只有市级节点能封存起点,本节点是 \(core.region);请到市级节点办理",
        en: "only the hub closes origins, this node is \(core.region); run it there")
    }
    if arguments.dryRun {
      return try core.store.read { reader in
        let closing = try closing(arguments, in: reader)
        return closing.answer(closure: nil)
      }
    }
    return try await core.writer.write(weight: GroupWriter.groupWeight) { [self] transaction in
      let closing = try closing(arguments, in: transaction.reader)
      let closure = try transaction.close(
        closing.origin, good: closing.good, rules: Process.closures.hash, actor: person.account,
        role: person.role, salt: core.salt)
      return closing.answer(closure: closure)
    }
  }

  private func closing(
    _ arguments: OriginCloseArguments, in reader: StoreReader
  ) throws -> OriginClosing {
    let origin = Origin(
      region: try originRegion(arguments.region, in: reader), incarnation: arguments.incarnation)
    guard try origin != reader.identity().origin else {
      throw CommandError(
        .notPermitted, .refused, zh: "\(origin) 是本节点正在使用的起点,不能在此封存",
        en: "\(origin) is the origin that this node writes under; it cannot be closed here")
    }
    let held = try reader.commits(of: origin)
    guard !held.isEmpty else {
      throw CommandError(
        .notFound, .badData, zh: "本节点没有起点 \(origin) 的提交;请用 origin list 核对",
        en: "no commit of \(origin) is held here; check it with origin list")
    }
    return try OriginClosing(
      origin, held, standing: reader.unbarred(held, of: origin), through: arguments.through,
      except: arguments.except)
  }

  /// A region that has left the tree is still known by its id.
  private func originRegion(_ text: String, in reader: StoreReader) throws -> RegionID {
    if let region = RegionID(text),
      try reader.origins().contains(where: { $0.origin.region == region })
    {
      return region
    }
    return try region(text, field: "REGION", Places(reader))
  }
}
