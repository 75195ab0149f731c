import Ledger
import Regions

/// Checks the tables by which events of closed origins are barred.
extension StoreReader {
  /// Compares what is noted of closures with what the ledger's events say.
  func checkClosures(
    _ closures: [EntityID: OriginClosure], _ report: inout Verification
  ) throws {
    for (id, closure) in closures.sorted(by: { $0.key < $1.key })
    where try isNoted(closure, of: id) == false {
      report.fail("the notes of closure \(id) are not what its events say; run `liandong rebuild`")
    }
    let noted = try connection.first(
      """
      SELECT COUNT(*) FROM (SELECT entity FROM closures UNION SELECT closure FROM closure_parts
        UNION SELECT closure FROM good_commits)
      """, read: { $0.integer(0) })
    if let noted, noted > closures.count {
      report.fail(
        "\(noted) closures are noted, the ledger holds \(closures.count); run `liandong rebuild`")
    }
  }

  private func isNoted(_ closure: OriginClosure, of id: EntityID) throws -> Bool {
    let row = try connection.first(
      "SELECT id FROM entities WHERE uuid = ?", .blob(id.bytes), read: { $0.integer(0) })
    guard let row else { return false }
    let head = try connection.first(
      "SELECT region, incarnation, parts FROM closures WHERE entity = ?", .integer(row),
      read: { ($0.text(0), $0.integer(1), $0.integer(2)) })
    guard head?.0 == closure.origin?.region.rawValue,
      head?.1 == closure.origin.map({ Int64($0.incarnation) }),
      head?.2 ?? 0 == Int64(closure.partCount)
    else { return false }
    var held: Set<Int> = []
    try connection.query("SELECT part FROM closure_parts WHERE closure = ?", .integer(row)) {
      held.insert(Int($0.integer(0)))
      return true
    }
    var good: Set<[UInt8]> = []
    try connection.query("SELECT prefix FROM good_commits WHERE closure = ?", .integer(row)) {
      good.insert($0.blob(0))
      return true
    }
    return held == closure.held && good == Set(closure.good.map(\.bytes))
  }
}
