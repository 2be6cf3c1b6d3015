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

// Written by page_document into the head of every page.
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

// A folder beside figures/ that takes its place or is removed.
class StagedFigures {
 public:
  explicit StagedFigures(const fs::path& folder)
      : figures_(folder / "figures"),
        staged_(folder / ".figures.new"),
        aside_(folder / ".figures.old") {
    std::error_code code;
    // Cleans up after a killed run.
    if (!fs::exists(figures_, code)) fs::rename(aside_, figures_, code);
    remove_figures(staged_);
    make_folders(folder);
    code.clear();
    // not by make_folders(), which would log it: it is temporary
    fs::create_directory(staged_, code);
    if (code) throw Error(staged_.string() + ": the folder cannot be made: " + code.message());
  }
  ~StagedFigures() { remove_figures(staged_); }
  StagedFigures(const StagedFigures&) = delete;
  StagedFigures& operator=(const StagedFigures&) = delete;

  const fs::path& path() const { return staged_; }

  void take_place() {
    std::error_code code;
    if (fs::exists(figures_, code)) {
      old_ = exchange(code);
    } else if (!fs::is_empty(staged_, code)) {
      fs::rename(staged_, figures_, code);
    }
    if (code) throw Error(figures_.string() + ": cannot be written: " + code.message());
    sync_folder(figures_.parent_path());  // before the page that shows them has its name
  }

  void put_back() const {
    std::error_code ignored;
    if (old_ == staged_) {
      exchange_at_once();
    } else {
      fs::rename(figures_, staged_, ignored);
      if (!old_.empty()) fs::rename(old_, figures_, ignored);
    }
  }

  // Call after the page that shows them is written.
  void finish() const {
    if (old_.empty()) return;
    keep_others();
    remove_figures(old_);
    std::error_code ignored;
    if (fs::is_empty(figures_, ignored)) fs::remove(figures_, ignored);
  }

 private:
  // Also removes the folder, unless it has other files.
  static void remove_figures(const fs::path& folder) {
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
      if (is_figure(entry.path())) fs::remove(entry.path(), ignored);
    }
    fs::remove(folder, ignored);
  }

  bool exchange_at_once() const {
    return ::renameat2(AT_FDCWD, staged_.c_str(), AT_FDCWD, figures_.c_str(), RENAME_EXCHANGE) == 0;
  }

  // Returns the new place of the old figures.
  fs::path exchange(std::error_code& code) const {
    if (exchange_at_once()) return staged_;
    // For a file system that cannot exchange two folders.
    fs::rename(figures_, aside_, code);
    if (code) return {};
    fs::rename(staged_, figures_, code);
    std::error_code ignored;
    if (code) fs::rename(aside_, figures_, ignored);
    return code ? fs::path() : aside_;
  }

  void keep_others() const {
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(old_, ignored)) {
      if (is_figure(entry.path())) continue;
      fs::rename(entry.path(), figures_ / entry.path().filename(), ignored);
    }
  }

  fs::path figures_, staged_, aside_;
  fs::path old_;  // the place of the old figures; empty if there were none
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
  // From here on nothing needs room on the disk, so little can fail.
  figures.take_place();
  try {
    index.commit();
  } catch (...) {
    index.has_name() ? figures.finish() : figures.put_back();
    throw;
  }
  figures.finish();
  return page;
}

}  // namespace fer::report
