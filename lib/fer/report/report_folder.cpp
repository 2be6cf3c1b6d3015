#include "fer/report/report_folder.h"

#include <array>
#include <fstream>
#include <string>

#include "fer/core/files.h"
#include "fer/core/option_error.h"

namespace fer::report {

namespace fs = std::filesystem;

namespace {

// What page_document writes into the head of every page.
constexpr std::string_view kMark = "<meta name=\"generator\" content=\"fer-";

bool is_our_page(const fs::path& page) {
  std::array<char, 4096> start{};
  std::ifstream file(page, std::ios::binary);
  file.read(start.data(), start.size());
  return std::string_view(start.data(), static_cast<std::size_t>(file.gcount())).find(kMark) !=
         std::string_view::npos;
}

}  // namespace

void check_report_folder(const fs::path& folder) {
  const fs::path page = folder / "index.html";
  try {
    make_folders(folder);
  } catch (const Error& error) {
    throw OptionError("report", error.what());
  }
  std::error_code ignored;
  if (fs::exists(page, ignored) && !is_our_page(page)) {
    throw OptionError("report", folder.string(),
                      "has an index.html that is no report of these programs; name another folder");
  }
  check_writable(page);
}

void clear_report_folder(const fs::path& folder) {
  std::error_code code;
  for (fs::directory_iterator at(folder / "figures", code), end; !code && at != end;
       at.increment(code)) {
    const fs::path ending = at->path().extension();
    std::error_code ignored;
    if (ending == ".svg" || ending == ".png" || ending == ".csv") fs::remove(at->path(), ignored);
  }
}

}  // namespace fer::report
