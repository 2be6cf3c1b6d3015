#include "fer/core/merge_shards.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <queue>
#include <string_view>
#include <utility>

#include "fer/core/atomic_stream.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/option_error.h"
#include "fer/core/shard.h"
#include "fer/core/text.h"

namespace fer {

namespace {

namespace fs = std::filesystem;

struct Part {
  fs::path path;
  Shard shard;
};

struct Parts {
  std::vector<Part> files;  // by their numbers
  fs::path whole;
  std::vector<std::int64_t> missing;
};

std::string list_of(const std::vector<std::int64_t>& numbers, std::int64_t count) {
  return (numbers.size() == 1 ? "shard " : "shards ") + ranges_text(numbers) + " of " +
         std::to_string(count);
}

std::vector<std::int64_t> missing_of(const std::vector<Part>& ascending) {
  std::vector<std::int64_t> missing;
  std::int64_t next = 1;
  for (const Part& part : ascending) {
    for (; next < part.shard.number; ++next) missing.push_back(next);
    ++next;
  }
  for (; next <= ascending.front().shard.count; ++next) missing.push_back(next);
  return missing;
}

Parts parts_of_whole(const std::vector<fs::path>& paths) {
  constexpr std::size_t kMostParts = 10'000;  // all are mapped at the same time
  if (paths.empty()) throw Error("there are no files to merge");
  if (paths.size() > kMostParts) {
    throw Error(grouped(static_cast<std::int64_t>(paths.size())) +
                " files are too many; allowed: " + grouped(kMostParts));
  }
  Parts parts;
  for (const fs::path& path : paths) {
    const std::optional<ShardFile> file = shard_file_of(path);
    if (!file) {
      throw Error(path.string() +
                  ": its name says no shard; shards are named like faces.03-of-16.jsonl");
    }
    if (parts.files.empty()) parts.whole = file->whole;
    const bool same = file->whole.filename() == parts.whole.filename() &&
                      (parts.files.empty() || file->shard.count == parts.files[0].shard.count);
    if (!same) {
      throw Error(path.string() + ": belongs to other shards than " + parts.files[0].path.string() +
                  "; one call joins those of one name and count");
    }
    parts.files.push_back({path, file->shard});
  }
  std::stable_sort(parts.files.begin(), parts.files.end(),
                   [](const Part& a, const Part& b) { return a.shard.number < b.shard.number; });
  const auto twice = std::adjacent_find(
      parts.files.begin(), parts.files.end(),
      [](const Part& a, const Part& b) { return a.shard.number == b.shard.number; });
  if (twice != parts.files.end()) {
    throw Error((twice + 1)->path.string() + ": is the same shard as " + twice->path.string());
  }
  parts.missing = missing_of(parts.files);
  return parts;
}

enum class Format { json_lines, csv };

Format format_of(const fs::path& path) {
  const std::string ending = to_lower(path.extension().string());
  if (ending == ".jsonl") return Format::json_lines;
  if (ending == ".csv") return Format::csv;
  throw Error(path.string() + ": cannot be merged; allowed: .jsonl (JSON Lines) and .csv");
}

// The records of a part, one after the other.
class Reader {
 public:
  Reader(const fs::path& path, Format format)
      : path_(path), format_(format), file_(path), rest_(file_.bytes()) {
    if (format_ == Format::csv && !rest_.empty()) header_ = take_record();
  }

  std::string_view header() const { return header_; }
  std::string_view record() const { return record_; }  // with its line end
  const std::string& source() const { return source_; }

  bool next() {
    if (rest_.empty()) return false;
    record_ = take_record();
    source_ = format_ == Format::csv ? first_cell() : source_of_json();
    return true;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(path_.string() + ":" + std::to_string(line_) + ": " + what);
  }

  // The bytes up to the next line end outside of quotes.
  std::string_view take_record() {
    line_ += lines_;
    lines_ = 0;
    bool quoted = false;
    for (std::size_t at = 0; at < rest_.size(); ++at) {
      if (rest_[at] == '"' && format_ == Format::csv) quoted = !quoted;
      if (at == kMostRecordBytes) fail("a record is longer than 64 MiB");
      if (rest_[at] != '\n') continue;
      ++lines_;
      if (quoted) continue;
      const std::string_view record = rest_.substr(0, at + 1);
      rest_.remove_prefix(at + 1);
      return record;
    }
    fail("the file ends in the middle of a record; was it cut off?");
  }

  std::string first_cell() const {
    if (!record_.starts_with('"')) return std::string(record_.substr(0, record_.find(',')));
    std::string cell;
    for (std::size_t at = 1; at < record_.size(); ++at) {
      if (record_[at] == '"' && record_[++at] != '"') break;
      cell += record_[at];
    }
    return cell;
  }

  std::string source_of_json() const {
    const auto object = nlohmann::json::parse(record_, nullptr, false);
    if (!object.is_object()) fail("is no JSON object");
    const auto source = object.find("source");
    if (source == object.end() || !source->is_string())
      fail("\"source\" is missing, or is no text");
    return source->get<std::string>();
  }

  static constexpr std::size_t kMostRecordBytes = std::size_t{64} << 20;

  fs::path path_;
  Format format_;
  MappedFile file_;
  std::string_view rest_, header_, record_;
  std::string source_;
  std::int64_t line_ = 1, lines_ = 0;  // the first line of record_, and its number of lines
};

struct Survey {
  std::int64_t records = 0;
  bool sorted = true;
  std::string header;
};

// Reads everything once, so that a broken file is an error before anything is written.
Survey survey_of(const std::vector<Part>& parts, Format format) {
  Survey survey;
  fs::path with_header;
  for (const Part& part : parts) {
    Reader reader(part.path, format);
    if (!reader.header().empty()) {
      if (with_header.empty()) {
        survey.header = reader.header();
        with_header = part.path;
      }
      if (reader.header() != survey.header) {
        throw Error(part.path.string() + ":1: has other columns than " + with_header.string());
      }
    }
    std::string before;
    while (reader.next()) {
      ++survey.records;
      if (reader.source() < before) survey.sorted = false;
      before = reader.source();
    }
  }
  return survey;
}

void write_shard_by_shard(const std::vector<Part>& parts, Format format, AtomicStream& to) {
  for (const Part& part : parts) {
    Reader reader(part.path, format);
    while (reader.next()) to << reader.record();
  }
}

void write_sorted(const std::vector<Part>& parts, Format format, AtomicStream& to) {
  std::vector<std::unique_ptr<Reader>> readers;
  using Head = std::pair<std::string, std::size_t>;  // a source, and its reader
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
  const auto advance = [&](std::size_t reader) {
    if (readers[reader]->next()) heads.emplace(readers[reader]->source(), reader);
  };
  for (const Part& part : parts) {
    readers.push_back(std::make_unique<Reader>(part.path, format));
    advance(readers.size() - 1);
  }
  while (!heads.empty()) {
    const auto [source, reader] = heads.top();
    heads.pop();
    if (!heads.empty() && heads.top().first == source && heads.top().second != reader) {
      throw Error(parts[heads.top().second].path.string() + ": has results of " +
                  quote(source, 200) + ", which " + parts[reader].path.string() +
                  " has, too; are they of one run?");
    }
    to << readers[reader]->record();
    advance(reader);
  }
}

void check_output(const fs::path& output, Format format) {
  if (format_of(output) != format) {
    throw OptionError("output", output.string(), "has another ending than the parts");
  }
  if (path_exists(output)) {
    throw OptionError("output", output.string(), "already exists; nothing is overwritten");
  }
}

}  // namespace

std::string ranges_text(const std::vector<std::int64_t>& ascending) {
  std::vector<std::string> ranges;
  for (std::size_t first = 0; first < ascending.size();) {
    std::size_t last = first;
    while (last + 1 < ascending.size() && ascending[last + 1] == ascending[last] + 1) ++last;
    std::string text = std::to_string(ascending[first]);
    if (last == first + 1) text += ", " + std::to_string(ascending[last]);
    if (last > first + 1) text += " to " + std::to_string(ascending[last]);
    ranges.push_back(std::move(text));
    first = last + 1;
  }
  return join(ranges, ", ");
}

MergedShards merge_shards(const std::vector<fs::path>& paths, const fs::path& output,
                          bool allow_missing) {
  const Parts parts = parts_of_whole(paths);
  const Format format = format_of(parts.whole);
  if (!parts.missing.empty() && !allow_missing) {
    throw Error(parts.whole.string() + ": " + list_of(parts.missing, parts.files[0].shard.count) +
                (parts.missing.size() == 1 ? " is" : " are") + " missing; " +
                option("allow_missing") + " joins the others");
  }
  check_output(output.empty() ? parts.whole : output, format);
  const Survey survey = survey_of(parts.files, format);
  MergedShards merged{.output = output.empty() ? parts.whole : output,
                      .parts = static_cast<std::int64_t>(parts.files.size()),
                      .records = survey.records,
                      .missing = parts.missing,
                      .sorted = survey.sorted};
  AtomicStream to(merged.output);
  to << survey.header;
  if (survey.sorted) {
    write_sorted(parts.files, format, to);
  } else {
    write_shard_by_shard(parts.files, format, to);
  }
  to.commit();
  return merged;
}

}  // namespace fer
