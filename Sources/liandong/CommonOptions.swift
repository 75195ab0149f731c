import ArgumentParser
import Node
import Regions

/// The options that every command has.
struct CommonOptions: ParsableArguments {
  @Flag(help: "以 JSON 作答 / answer in JSON")
  var json = false

  @Option(
    help: ArgumentHelp(
      "节点目录,默认取 LIANDONG_HOME,再默认 /var/lib/liandong / the node's folder",
      valueName: "dir"))
  var home: String?

  @Option(
    help: ArgumentHelp(
      "语言 zh 或 en,默认取 LIANDONG_LANG,再默认 zh / language", valueName: "zh|en"),
    transform: { word in
      guard let language = Language(rawValue: word) else {
        throw ValidationError("\(word) is no language; use zh or en")
      }
      return language
    })
  var lang: Language?

  /// The environment variable that names the language.
  static let languageVariable = "LIANDONG_LANG"

  /// The language: the option's, else the environment's, else Chinese.
  func language(_ environment: [String: String]) -> Language {
    lang ?? environment[Self.languageVariable].flatMap(Language.init(rawValue:)) ?? .zh
  }

  /// The node's folder: the option's, else the environment's, else the usual one.
  func home(in context: CommandContext) -> HomeLayout {
    let named = home ?? context.environment[HomeLayout.environmentVariable]
    return HomeLayout(path: named.flatMap { $0.isEmpty ? nil : $0 } ?? HomeLayout.defaultPath)
  }
}
