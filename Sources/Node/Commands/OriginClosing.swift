import Ledger
import Regions
import Store

/// Which held commits of an origin a closure keeps.
struct OriginClosing {
  let origin: Origin
  let good: [Hash]
  private let barred: Int

  /// The fewest hexadecimal digits that stand for a commit.
  private static let shortestPrefix = 8
  /// The most sequences that a refusal lists.
  private static let listedSequences = 8

  /// - Parameters:
  ///   - held: by sequence.
  ///   - standing: those of them that no earlier closure bars: what one closure bars, no other one
  ///     makes good.
  ///   - through: the last sequence that may be good.
  ///   - except: the beginnings of the hashes of commits that are not good.
  /// - Throws: `CommandError` of exit 65 for a beginning that names no commit or several, and where
  ///   two good commits hold one sequence: a person must say which is forged.
  init(
    _ origin: Origin, _ held: [ChainPlace], standing: [ChainPlace], through: UInt64?,
    except: [String]
  ) throws {
    var excepted: Set<Hash> = []
    for text in except { excepted.insert(try Self.commit(text, among: held, of: origin)) }
    let good = standing.filter { $0.sequence <= through ?? .max && !excepted.contains($0.hash) }
    let rivals = zip(good, good.dropFirst()).filter { $0.sequence == $1.sequence }
    guard rivals.isEmpty else { throw Self.undecided(rivals.map { [$0, $1] }, of: origin) }
    self.origin = origin
    self.good = good.map(\.hash)
    self.barred = held.count - good.count
  }

  private static func commit(
    _ text: String, among held: [ChainPlace], of origin: Origin
  ) throws -> Hash {
    let digits = text.lowercased()
    let matches =
      digits.utf8.count >= shortestPrefix
      ? held.filter { $0.hash.description.hasPrefix(digits) } : []
    guard let match = matches.first, matches.count == 1 else {
      throw CommandError.field(
        "--except", zh: "“\(text)”未指明 \(origin) 的一个提交,请写出其哈希的前 \(shortestPrefix) 位以上",
        en: "'\(text)' names no single commit of \(origin); give \(shortestPrefix) digits or more")
    }
    return match.hash
  }

  private static func undecided(_ rivals: [[ChainPlace]], of origin: Origin) -> CommandError {
    let listed = rivals.prefix(listedSequences).map { pair in
      "\(pair[0].sequence): " + pair.map { $0.hash.description }.joined(separator: " / ")
    }.joined(separator: "; ")
    return CommandError(
      .ambiguous, .badData,
      zh: "\(origin) 有两个提交占用同一序号,请用 --except 指明哪个是伪造的:\(listed)",
      en: "two commits of \(origin) hold one sequence; say with --except which is forged: \(listed)"
    )
  }

  /// - Parameter closure: `nil` where nothing was written.
  func answer(closure: EntityID?) -> OriginCloseAnswer {
    OriginCloseAnswer(
      schema: "liandong.origin_close/1", region: origin.region.rawValue,
      incarnation: origin.incarnation, good: UInt64(good.count), barred: UInt64(barred),
      closure: Nullable(closure?.description), dryRun: closure == nil)
  }
}
