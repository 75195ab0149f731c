import ArgumentParser
import Identity
import Regions

/// How options read their values. Before a command line is understood no language is known, so its
/// faults are told in both.
enum ArgumentReaders {
  static func region(_ text: String) throws -> RegionID {
    guard let region = RegionID(text) else { throw fault(.notARegion(text)) }
    return region
  }

  static func tier(_ text: String) throws -> Tier {
    guard let tier = Tier(name: text) else { throw fault(.notATier(text)) }
    return tier
  }

  static func deployment(_ text: String) throws -> Deployment {
    guard let deployment = Deployment(text) else { throw fault(.notADeployment(text)) }
    return deployment
  }

  static func host(_ text: String) throws -> HostName {
    guard let host = HostName(text) else { throw fault(.notAHost(text)) }
    return host
  }

  static func language(_ text: String) throws -> Language {
    guard let language = Language(rawValue: text) else { throw fault(.notALanguage(text)) }
    return language
  }

  /// A usage error.
  static func fault(_ text: Text) -> ValidationError { ValidationError(text.help) }
}
