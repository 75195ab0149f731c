import Casework
import Ledger
import Regions

extension NodeCommands {
  private static let separators: Set<Character> = [",", "\u{FF0C}", "、", " "]

  /// A text as people write it, read as the value of a field.
  ///
  /// Lists are separated by commas or spaces, places written as LATITUDE,LONGITUDE in degrees.
  ///
  /// - Parameter name: what the error calls the field.
  /// - Throws: `CommandError` of exit 65 where the text has not the field's shape.
  func value(
    _ text: String, of field: Field, named name: String, _ places: Places
  ) throws -> CanonicalValue {
    let text = try required(text, field: name)
    switch field.shape {
    case .any, .text: return .text(text)
    case .region: return .text(try region(text, field: name, places).rawValue)
    case .texts:
      let checked =
        field.name == "types"
        ? try LeadContent.types(Self.words(text), field: name) : Self.words(text)
      return .array(checked.map { .text($0) })
    case .location: return try location(text, name).value
    case .number:
      guard let number = Int64(text), number >= 0 else {
        throw CommandError.field(
          name, zh: "“\(text)”不是非负整数", en: "'\(text)' is no whole number of 0 or more")
      }
      return .integer(number)
    case .time: return try time(text, field: name).map { .integer($0) } ?? .null
    case .flag: return .boolean(try flag(text, name))
    case .hashes: return .array(try Self.words(text).map { .bytes(try hash($0, name).bytes) })
    }
  }

  static func words(_ text: String) -> [String] {
    text.split(whereSeparator: { separators.contains($0) }).map(String.init)
  }

  private func location(_ text: String, _ name: String) throws -> Location {
    let parts = Self.words(text).map { Double($0) }
    guard parts.count == 2, let latitude = parts[0], let longitude = parts[1],
      let location = try LeadContent.location(latitude, longitude)
    else {
      throw CommandError.field(
        name, zh: "应为 纬度,经度,如 34.6012,119.2215",
        en: "must be LATITUDE,LONGITUDE, as in 34.6012,119.2215")
    }
    return location
  }

  private func flag(_ text: String, _ name: String) throws -> Bool {
    switch text {
    case "true", "yes", "是": return true
    case "false", "no", "否": return false
    default:
      throw CommandError.field(name, zh: "应为 是 或 否", en: "must be yes or no")
    }
  }

  private func hash(_ text: String, _ name: String) throws -> Hash {
    guard let hash = Hash(hex: text) else {
      throw CommandError.field(
        name, zh: "“\(text)”不是事件哈希(64 位十六进制)",
        en: "'\(text)' is no event hash of 64 hexadecimal digits")
    }
    return hash
  }
}
