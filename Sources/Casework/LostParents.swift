package import Ledger
import Regions

/// Parents that nobody holds any more. The city declares them lost, and events that wait for nothing
/// else are laid out as if they did not name them. One that turns up after all counts again once it
/// can be laid out itself: the state follows from the set of events alone.
package enum LostParents {
  /// The most hashes that one declaration names.
  package static let maximum = 32

  /// The hashes that a declaration's body `{lost: [hash, ...]}` names; `nil` for another shape.
  static func named(in body: [UInt8]) -> [Hash]? {
    guard let elements = (try? CanonicalValue(decoding: body))?["lost"]?.array,
      (1...maximum).contains(elements.count)
    else { return nil }
    let hashes = elements.compactMap { $0.bytes.flatMap { Hash($0) } }
    return hashes.count == elements.count ? hashes : nil
  }

  /// The body that declares parents lost.
  static func body(declaring hashes: [Hash]) -> [String: CanonicalValue] {
    ["lost": .array(Set(hashes).sorted().map { .bytes($0.bytes) })]
  }

  /// The parents that count as absent among an entity's held events, each of which stands once.
  /// Without the founding event there are none: nothing can be folded before it is here. What a
  /// closure bars declares nothing.
  static func absent(among inputs: [FoldInput]) -> Set<Hash> {
    var lost: Set<Hash> = []
    for input in inputs where !input.isOriginClosed { lost.formUnion(input.declaredLost) }
    guard !lost.isEmpty, inputs.contains(where: { $0.event.isFounding }) else { return [] }
    return AbsentParents.among(lost, of: inputs.lazy.map { ($0.event.hash, $0.event.parents) })
  }
}

extension FoldInput {
  /// The parents that the event declares lost: none unless the city wrote it. Routing goes by all of
  /// them, for no closure takes an audience back; the fold by those that no closure bars.
  package var declaredLost: [Hash] {
    guard event.kind == Process.parentLostKind, tier == .city else { return [] }
    return LostParents.named(in: event.body) ?? []
  }
}
