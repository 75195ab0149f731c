/// Sorts what has events so that parents come before their children; otherwise it stays in the order
/// given. Parents that are not among them do not matter.
///
/// - Parameters:
///   - hash: an element's event; of two with one hash the first counts as a parent.
///   - parents: the parents of its event. Hashes allow no cycle; elements that were made to lie in one
///     are left out.
package func parentsFirst<Element>(
  _ elements: [Element], hash: (Element) -> Hash, parents: (Element) -> [Hash]
) -> [Element] {
  let places = Dictionary(
    elements.enumerated().map { (hash($1), $0) }, uniquingKeysWith: { first, _ in first })
  var children: [Int: [Int]] = [:]
  var unmet = [Int](repeating: 0, count: elements.count)
  for (place, element) in elements.enumerated() {
    for parent in parents(element).lazy.compactMap({ places[$0] }) {
      unmet[place] += 1
      children[parent, default: []].append(place)
    }
  }
  var ready = elements.indices.filter { unmet[$0] == 0 }
  var next = 0
  while next < ready.count {
    for child in children[ready[next]] ?? [] {
      unmet[child] -= 1
      if unmet[child] == 0 { ready.append(child) }
    }
    next += 1
  }
  return ready.map { elements[$0] }
}
