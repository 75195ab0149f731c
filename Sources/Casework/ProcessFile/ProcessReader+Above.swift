import Regions

extension ProcessReader {
  /// The act that is answered, under `above`, and under `top` who answers where nobody stands above.
  mutating func above(
    _ fields: [String: YAMLValue], _ places: inout [String: Place]
  ) -> Above? {
    let top = words(fields["top"])
    for (word, place) in top { places["top " + word] = place }
    guard let value = fields["above"] else {
      if let value = fields["top"] {
        note(
          Place(value), "missing_key", "top 须与 above 同用,请以 above 写明所批的申请",
          "top goes with above: say with above what is answered")
      }
      return nil
    }
    places["above"] = Place(value)
    return text(value).map { Above($0, top: top.map(\.word)) }
  }
}
