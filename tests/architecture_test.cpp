// Who may include whom: the table of docs/architecture.md, enforced.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.h"

namespace {

namespace fs = std::filesystem;

const std::string kAll = "*";

// Room -> rooms it may include (itself always).
const std::map<std::string, std::set<std::string>> kRooms = {
    {"core", {}},
    {"graph", {"core"}},
    {"runtime", {"core", "graph"}},
    {"model", {"core", "graph"}},
    {"infer", {"core", "graph", "runtime", "model"}},
    {"metrics", {"core"}},
    {"report", {"core", "metrics"}},
    {"image", {"core"}},
    {"detect", {"core", "image", "graph", "runtime"}},
    {"track", {"core", "detect"}},
    {"source", {"core", "image"}},
    {"output", {"core", "image", "source", "report"}},
    {"video", {"core", "image", "source", "output"}},
    {"media", {"core", "image", "source", "output"}},
    {"predict", {"core", "image", "model", "infer", "detect", "track", "source", "output"}},
    {"serve",
     {"core", "image", "model", "infer", "detect", "track", "source", "output", "report",
      "predict"}},
    {"api", {"core", "image", "model", "infer", "detect", "predict"}},
    {"tensors", {"core"}},
    {"ranks", {"core", "tensors"}},
    {"data", {"core", "image", "tensors"}},
    {"augment", {"core", "tensors"}},
    {"nn", {"core", "graph", "runtime", "model", "infer", "tensors"}},
    {"eval",
     {"core", "runtime", "model", "infer", "ranks", "data", "nn", "metrics", "report", "tensors"}},
    {"train",
     {"core", "graph", "runtime", "model", "ranks", "data", "augment", "nn", "metrics", "eval",
      "tensors"}},
    {"check", {"core", "data", "detect", "metrics", "report", "tensors", "train"}},
    {"commands", {kAll}},
};

// The rooms on LibTorch; commands/ has programs of both kinds.
const std::set<std::string> kTensorRooms = {"tensors", "ranks", "data",  "augment", "nn",
                                            "eval",    "train", "check", "commands"};

// Header prefix -> rooms that may include it; programs in apps/ are the room "apps".
const std::map<std::string, std::set<std::string>> kPackages = {
    {"CLI/", {"apps"}},
    {"spdlog/", {"apps"}},
    {"opencv2/",
     {"image", "detect", "track", "source", "output", "video", "media", "predict", "serve", "api"}},
    {"jpeglib", {"image"}},
    {"jerror", {"image"}},
    {"png.h", {"image"}},
    {"libavcodec/", {"video"}},
    {"libavformat/", {"video"}},
    {"libavutil/", {"video"}},
    {"libswscale/", {"video"}},
    {"tbb/", {"predict"}},
    {"boost/", {"serve"}},
    {"cairo", {"report"}},
    {"librsvg/", {"report"}},
    {"zlib.h", {"report"}},
    {"torch/", kTensorRooms},
    {"ATen/", kTensorRooms},
    {"cuda", {}},  // through ATen and c10 alone
    {"c10/", kTensorRooms},
};

// What is installed: its headers include each other and the standard library; one knows OpenCV.
const std::string kPublic = "include/fer";
const std::set<std::string> kPublicRooms = {"core", "api"};  // that may include them
const std::set<std::string> kBridges = {"include/fer/opencv.h"};

struct Include {
  std::string file;  // relative to the repository
  std::string room;
  std::string header;
};

// The room is the first folder, whatever lies below it.
std::vector<Include> includes_below(const fs::path& folder, const std::string& fixed_room) {
  static const std::regex pattern(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  std::vector<Include> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".h" && extension != ".cpp") continue;
    const std::string room =
        fixed_room.empty() ? fs::relative(entry.path(), folder).begin()->string() : fixed_room;
    std::ifstream file(entry.path());
    std::smatch match;
    for (std::string line; std::getline(file, line);) {
      if (!std::regex_search(line, match, pattern)) continue;
      found.push_back({fs::relative(entry.path(), FER_SOURCE_DIR).string(), room, match[1]});
    }
  }
  return found;
}

std::vector<Include> all_includes() {
  const fs::path root(FER_SOURCE_DIR);
  std::vector<Include> all = includes_below(root / "lib" / "fer", "");
  for (Include& include : includes_below(root / "apps", "apps")) {
    // Benchmarks look into every room and are not installed.
    if (!include.file.starts_with("apps/bench/")) all.push_back(std::move(include));
  }
  return all;
}

bool room_may_include(const std::string& room, const std::string& other) {
  if (room == other || room == "apps") return true;
  if (other.empty()) return kPublicRooms.contains(room);
  const std::set<std::string>& allowed = kRooms.at(room);
  return allowed.contains(kAll) || allowed.contains(other);
}

}  // namespace

TEST_CASE("Every room of the library is in the table", "[architecture][unit]") {
  const std::vector<Include> includes = all_includes();
  REQUIRE(includes.size() > 100);  // the walk found the sources
  for (const Include& include : includes) {
    CAPTURE(include.file);
    CHECK((include.room == "apps" || kRooms.contains(include.room)));
  }
}

TEST_CASE("Lower rooms never include higher ones", "[architecture][unit]") {
  for (const Include& include : all_includes()) {
    if (!include.header.starts_with("fer/")) continue;
    const std::size_t slash = include.header.find('/', 4);
    const std::string room =
        slash == std::string::npos ? "" : include.header.substr(4, slash - 4);  // "": include/fer
    CAPTURE(include.file, include.header);
    CHECK(room_may_include(include.room, room));
  }
}

TEST_CASE("Public headers include the standard library and each other alone",
          "[architecture][unit]") {
  const std::vector<Include> includes =
      includes_below(fs::path(FER_SOURCE_DIR) / kPublic, "include");
  CHECK(includes.size() > 10);
  static const std::regex own(R"(fer/\w+\.h)");
  static const std::regex standard(R"(\w+|std(def|int)\.h)");
  for (const Include& include : includes) {
    CAPTURE(include.file, include.header);
    const bool bridge = kBridges.contains(include.file) && include.header.starts_with("opencv2/");
    CHECK((bridge || std::regex_match(include.header, own) ||
           std::regex_match(include.header, standard)));
  }
}

// Programs stand on the library, not the other way round.
TEST_CASE("The public interface includes nothing of the commands", "[architecture][unit]") {
  for (const Include& include : all_includes()) {
    if (include.room != "api") continue;
    CAPTURE(include.file, include.header);
    CHECK_FALSE(include.header.starts_with("fer/commands/"));
  }
}

TEST_CASE("Packages are included only where they belong", "[architecture][unit]") {
  for (const Include& include : all_includes()) {
    for (const auto& [prefix, rooms] : kPackages) {
      if (!include.header.starts_with(prefix)) continue;
      CAPTURE(include.file, include.header);
      CHECK(rooms.contains(include.room));
    }
  }
}

std::vector<fs::path> headers_below(const std::vector<std::string>& folders) {
  std::vector<fs::path> headers;
  for (const std::string& folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(FER_SOURCE_DIR) / folder)) {
      if (entry.path().extension() == ".h") headers.push_back(entry.path());
    }
  }
  return headers;
}

// "fer::report::svg::Box" -> the headers that define it.
std::map<std::string, std::set<std::string>> types_of_headers() {
  static const std::regex opens(R"(^namespace ([\w:]+) \{)");
  static const std::regex closes(R"(^\}  // namespace)");
  static const std::regex defines(R"(^(?:class|struct|enum class|enum) (\w+)\b[^;]*\{)");
  std::map<std::string, std::set<std::string>> types;
  for (const fs::path& path : headers_below({"lib", "include"})) {
    std::ifstream file(path);
    std::vector<std::string> spaces;
    std::smatch match;
    for (std::string line; std::getline(file, line);) {
      if (std::regex_search(line, match, opens)) {
        spaces.push_back(match[1].str() + "::");
      } else if (std::regex_search(line, closes) && !spaces.empty()) {
        spaces.pop_back();
      } else if (std::regex_search(line, match, defines)) {
        std::string name;
        for (const std::string& space : spaces) name += space;
        types[name + match[1].str()].insert(path.string());
      }
    }
  }
  return types;
}

// Two definitions of one name are undefined behaviour that no compiler sees.
TEST_CASE("No two headers define one type", "[architecture][unit]") {
  const auto types = types_of_headers();
  CHECK(types.contains("fer::Error"));
  for (const auto& [name, headers] : types) {
    CAPTURE(name, headers);
    CHECK(headers.size() == 1);
  }
}

// The types of core/ and of the public interface are in namespace fer itself, because all rooms use
// them. Users of the library see only the latter.
std::string namespace_of(const std::string& room) {
  return room == "core" || room == "api" ? "fer" : "fer::" + room;
}

TEST_CASE("Each room of the library has a namespace of its own", "[architecture][unit]") {
  static const std::regex opens(R"(^namespace (fer[\w:]*) \{)");
  const fs::path rooms = fs::path(FER_SOURCE_DIR) / "lib" / "fer";
  for (const fs::path& path : headers_below({"lib"})) {
    const std::string own = namespace_of(fs::relative(path, rooms).begin()->string());
    bool opened = false, other = false;
    std::ifstream file(path);
    std::smatch match;
    for (std::string line; std::getline(file, line);) {
      if (!std::regex_search(line, match, opens)) continue;
      const std::string name = match[1];
      (name == own || name.starts_with(own + "::") ? opened : other) = true;
    }
    CAPTURE(path, own);
    // A header may open another room's namespace for forward declarations, and some headers only
    // include a public one.
    CHECK((opened || !other));
  }
}

// It redirects std::cerr, to which OpenCV prints.
constexpr std::string_view kSilencer = "opencv_quiet";

TEST_CASE("The library neither prints nor exits", "[architecture][unit]") {
  static const std::regex forbidden(R"(std::(cout|cerr|clog|exit|abort)\b|\bf?printf\()");
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(FER_SOURCE_DIR) / "lib")) {
    if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h") continue;
    if (entry.path().stem() == kSilencer) continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      CAPTURE(entry.path().string(), line);
      CHECK_FALSE(std::regex_search(line, forbidden));
    }
  }
}

// A page's style has variables that look like flags.
constexpr std::string_view kStyle = "page_style.cpp";

TEST_CASE("The library knows fields of options, and no flags of programs", "[architecture][unit]") {
  static const std::regex flag(R"re("([^"\\]|\\.)*--[a-z]([^"\\]|\\.)*")re");
  CHECK(std::regex_search(R"(fail("see --lr"))", flag));
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(FER_SOURCE_DIR) / "lib" / "fer")) {
    const std::string extension = entry.path().extension().string();
    const std::string room = entry.path().parent_path().filename().string();
    if ((extension != ".h" && extension != ".cpp") || room == "commands") continue;
    if (entry.path().filename() == kStyle) continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      const std::string code = line.substr(0, line.find("//"));
      CAPTURE(entry.path().string(), line);
      CHECK_FALSE(std::regex_search(code, flag));
    }
  }
}
