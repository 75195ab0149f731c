import Casework
import Ledger
import Store

extension NodeCommands {
  /// The fewest hexadecimal digits of an id that may stand for it.
  private static let shortestPrefix = 6
  /// The most entities that an ambiguous prefix lists.
  private static let listedMatches = 8

  /// Finds a lead by its number, its id, or the beginning of its id.
  ///
  /// - Throws: `CommandError` of exit 65: not found, ambiguous; the fault in a number that is none.
  func lead(_ reference: String, in reader: StoreReader) throws -> StoredEntity {
    if let id = EntityID(text: reference) { return try held(id, "lead", reference, reader) }
    let number = Swift.Result { () throws(LeadNumber.Fault) in try LeadNumber(parsing: reference) }
    if case .success(let number) = number {
      let found = try reader.leads(numbered: number)
      if !found.isEmpty { return try one(of: found, "lead", reference, reader) }
    }
    let matches = try prefixMatches(reference, "lead", reader)
    if matches.isEmpty, !Self.isLikeID(reference), case .failure(let fault) = number {
      throw fault
    }
    return try one(of: matches, "lead", reference, reader)
  }

  /// Finds a directive by its id or the beginning of it.
  func directive(_ reference: String, in reader: StoreReader) throws -> StoredEntity {
    if let id = EntityID(text: reference) { return try held(id, "directive", reference, reader) }
    return try one(
      of: prefixMatches(reference, "directive", reader), "directive", reference, reader)
  }

  /// Finds a supervision case by its id or the beginning of it.
  func supervision(_ reference: String, in reader: StoreReader) throws -> StoredEntity {
    if let id = EntityID(text: reference) {
      return try held(id, "supervision", reference, reader)
    }
    return try one(
      of: prefixMatches(reference, "supervision", reader), "supervision", reference, reader)
  }

  /// Finds an item to rectify by its id or the beginning of it.
  func item(_ reference: String, in reader: StoreReader) throws -> StoredEntity {
    if let id = EntityID(text: reference) {
      return try held(id, ItemKind.family, reference, reader)
    }
    return try one(
      of: prefixMatches(reference, ItemKind.family, reader), ItemKind.family, reference, reader)
  }

  /// Whether a text looks more like the beginning of an id than like a lead's number.
  private static func isLikeID(_ text: String) -> Bool {
    text.contains { $0.isHexDigit && !$0.isNumber }
  }

  private func prefixMatches(
    _ reference: String, _ family: String, _ reader: StoreReader
  ) throws -> [EntityID] {
    let digits = reference.filter { $0 != "-" }
    guard digits.count >= Self.shortestPrefix, digits.allSatisfy(\.isHexDigit),
      digits.utf8.count == digits.count
    else { return [] }
    return try reader.ids(
      beginningWith: digits.lowercased(), family: family, limit: Self.listedMatches + 1)
  }

  private func one(
    of ids: [EntityID], _ family: String, _ reference: String, _ reader: StoreReader
  ) throws -> StoredEntity {
    guard let first = ids.first else { throw notFound(reference) }
    guard ids.count == 1 else {
      let listed = ids.prefix(Self.listedMatches).map(\.description).joined(separator: ", ")
      throw CommandError(
        .ambiguous, .badData, zh: "“\(reference)”可指多件:\(listed);请写明完整编号",
        en: "'\(reference)' may mean \(listed); give the whole id")
    }
    return try held(first, family, reference, reader)
  }

  private func held(
    _ id: EntityID, _ family: String, _ reference: String, _ reader: StoreReader
  ) throws -> StoredEntity {
    guard let entity = try reader.entity(id) else { throw notFound(reference) }
    // Where nothing of it can be folded its family is not known either.
    if let state = entity.state, state.family != family {
      throw CommandError(
        .notFound, .badData, zh: "“\(reference)”不是所要的事项,请核对编号",
        en: "'\(reference)' is not a \(family); check the id")
    }
    return entity
  }

  private func notFound(_ reference: String) -> CommandError {
    CommandError(
      .notFound, .badData, zh: "本节点没有“\(reference)”,请核对编号,或待其同步到本节点",
      en: "this node holds no '\(reference)'; check it, or wait for the link to bring it")
  }

  /// The state of an entity that something is to be done with.
  ///
  /// - Throws: `CommandError` where it waits for its beginning.
  func foldedState(of entity: StoredEntity) throws -> EntityState {
    guard let state = entity.state else {
      throw CommandError(
        .waiting, .refused, zh: "\(entity.id) 的首条记录或流程文件尚未同步到本节点,请稍后再办",
        en: "the beginning of \(entity.id) or its rules file has not arrived yet; wait for the link"
      )
    }
    return state
  }

  /// What an act on an entity starts from.
  ///
  /// - Throws: as ``foldedState(of:)``; of exit 77 also where no act would have an effect.
  func actableState(of entity: StoredEntity) throws -> EntityState {
    let state = try foldedState(of: entity)
    guard entity.isTangled else { return state }
    throw CommandError(
      .waiting, .refused,
      zh: "\(entity.id) 的并行记录过多,超出可合并的上限,现在任何操作都不会生效;请由市级封存写入这些记录的来源(origin close)",
      en:
        "too many changes of \(entity.id) stand side by side, so no act would have an effect now; the "
        + "city must close the origin that wrote them (origin close)")
  }
}
