#include "fer/report/report_folder.h"

#include <fcntl.h>

#include <array>
#include <cstdio>
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

bool is_figure(const fs::path& path) {
  const fs::path ending = path.extension();
  return ending == ".svg" || ending == ".png" || ending == ".csv";
}

// A folder beside figures/ that takes its place, or goes with what is in it.
class StagedFigures {
 public:
  explicit StagedFigures(const fs::path& folder)
      : figures_(folder / "figures"), staged_(folder / ".figures.new") {
    remove();  // of a run that was killed
    make_folders(folder);
    std::error_code code;
    fs::create_directory(staged_, code);  // not told as made: it is soon gone
    if (code) throw Error(staged_.string() + ": the folder cannot be made: " + code.message());
  }
  ~StagedFigures() { remove(); }
  StagedFigures(const StagedFigures&) = delete;
  StagedFigures& operator=(const StagedFigures&) = delete;

  const fs::path& path() const { return staged_; }

  void take_place() {
    std::error_code code;
    const bool empty = fs::is_empty(staged_, code);
    if (!fs::exists(figures_, code)) {
      if (!empty) fs::rename(staged_, figures_, code);
    } else {
      exchange(code);
      keep_others();
      if (fs::is_empty(figures_, code)) fs::remove(figures_, code);
    }
    if (code) throw Error(figures_.string() + ": cannot be written: " + code.message());
  }

 private:
  void remove() const {
    std::error_code ignored;
    fs::remove_all(staged_, ignored);
  }

  void exchange(std::error_code& code) const {
    if (::renameat2(AT_FDCWD, staged_.c_str(), AT_FDCWD, figures_.c_str(), RENAME_EXCHANGE) == 0) {
      return;
    }
    // A file system that cannot exchange two folders.
    const fs::path old = fs::path(staged_) += ".old";
    fs::rename(figures_, old, code);
    if (!code) fs::rename(staged_, figures_, code);
    if (!code) fs::rename(old, staged_, code);
  }

  // What is staged are the old figures now.
  void keep_others() const {
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(staged_, ignored)) {
      if (is_figure(entry.path())) continue;
      fs::rename(entry.path(), figures_ / entry.path().filename(), ignored);
    }
  }

  fs::path figures_, staged_;
};

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
    throw OptionError(
        "report", folder.string(),
        "has an index.html that is not a report of these programs; name another folder");
  }
  check_writable(page);
}

fs::path replace_report(const fs::path& folder, std::string_view html,
                        const std::function<void(const fs::path&)>& draw) {
  const fs::path page = folder / "index.html";
  StagedFigures figures(folder);
  if (draw) draw(figures.path());
  AtomicFile index(page);
  index.write(html);
  // From here on nothing needs room on the disk.
  figures.take_place();
  index.commit();
  return page;
}

}  // namespace fer::report
