#include "fer/data/ferplus_csv.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include "fer/core/files.h"
#include "fer/core/mapped_ranges.h"
#include "fer/core/number.h"
#include "fer/core/text.h"
#include "fer/data/csv_text.h"
#include "fer/data/votes.h"

namespace fer::data {

namespace {

constexpr std::size_t kMostRows = 1'000'000;
constexpr std::size_t kMostColumns = 1000;

// The meaning of a column: the votes of kVoteNames[meaning], or one of these.
constexpr int kUsage = static_cast<int>(kVoteColumns);
constexpr int kIgnored = -1;

int meaning_of(std::string_view column) {
  const std::string name = to_lower(column);
  for (std::size_t i = 0; i < kVoteColumns; ++i) {
    if (name == to_lower(kVoteNames[i])) return static_cast<int>(i);
  }
  return name == "usage" ? kUsage : kIgnored;
}

void check_complete(std::string_view line, const std::vector<int>& meanings,
                    const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < kVoteColumns; ++i) {
    if (std::find(meanings.begin(), meanings.end(), static_cast<int>(i)) != meanings.end()) {
      continue;
    }
    const std::vector<std::string> needed(kVoteNames.begin(), kVoteNames.end());
    throw CsvMistake{line.data(), "the header has no column '" + needed[i] + "'; it has " +
                                      join(names, ", ") + "; needed: " + join(needed, ", ") +
                                      " and, if there are splits, Usage"};
  }
}

std::vector<int> parse_vote_header(std::string_view line) {
  constexpr std::size_t kShown = 14;
  std::vector<int> meanings;
  std::vector<std::string> names;
  for (std::string_view rest = line; rest.data() != nullptr;) {
    const std::string_view field = take_csv_field(rest);
    const int meaning = meaning_of(field);
    if (meaning != kIgnored &&
        std::find(meanings.begin(), meanings.end(), meaning) != meanings.end()) {
      throw CsvMistake{field.data(), "the header has the column " + quote(field) + " twice"};
    }
    if (meanings.size() == kMostColumns) {
      throw CsvMistake{field.data(), "the header has more columns than the " +
                                         std::to_string(kMostColumns) + " that are allowed"};
    }
    meanings.push_back(meaning);
    if (names.size() < kShown) names.push_back(quote(field, 20));
  }
  check_complete(line, meanings, names);
  return meanings;
}

std::uint8_t parse_votes(std::string_view field, std::string_view column) {
  const auto votes = to_number<std::uint8_t>(field);
  if (!votes || *votes > kMostVotes) {
    throw CsvMistake{field.data(), "column '" + std::string(column) + "': value " + quote(field) +
                                       " is not a number of votes; allowed: 0 to " +
                                       std::to_string(kMostVotes)};
  }
  return *votes;
}

struct Row {
  std::array<std::uint8_t, kVoteColumns> votes{};
  Split split = Split::none;
};

Row parse_row(std::string_view line, const std::vector<int>& meanings) {
  Row row;
  for_each_csv_field(line, static_cast<int>(meanings.size()),
                     [&](int column, std::string_view field) {
                       const int meaning = meanings[static_cast<std::size_t>(column)];
                       if (meaning == kIgnored) return;
                       if (meaning == kUsage) {
                         row.split = parse_usage(field);
                         return;
                       }
                       const auto i = static_cast<std::size_t>(meaning);
                       row.votes[i] = parse_votes(field, kVoteNames[i]);
                     });
  return row;
}

FerPlusVotes parse(std::string_view text) {
  const std::vector<int> meanings = parse_vote_header(take_csv_line(text));
  FerPlusVotes read;
  std::vector<std::uint8_t> votes;
  for (std::int64_t number = 2; !text.empty(); ++number) {
    const std::string_view line = take_csv_line(text);
    if (trim(line).empty()) continue;
    if (read.lines.size() == kMostRows) {
      throw CsvMistake{line.data(),
                       "more rows than the " + std::to_string(kMostRows) + " that are allowed"};
    }
    const Row row = parse_row(line, meanings);
    votes.insert(votes.end(), row.votes.begin(), row.votes.end());
    read.splits.push_back(row.split);
    read.lines.push_back(number);
  }
  read.votes = at::empty(
      {static_cast<std::int64_t>(read.lines.size()), static_cast<std::int64_t>(kVoteColumns)},
      at::kByte);
  std::copy(votes.begin(), votes.end(), read.votes.data_ptr<std::uint8_t>());
  return read;
}

// The rows of FER+ for the set's images.
std::vector<std::int64_t> rows_for(const FaceSet& set, const FerPlusVotes& ferplus) {
  const auto images = static_cast<std::size_t>(set.size());
  std::vector<std::int64_t> all(ferplus.lines.size());
  std::iota(all.begin(), all.end(), 0);
  if (all.size() == images) return all;
  const std::array<bool, 4> there = {set.has(Split::train), set.has(Split::val),
                                     set.has(Split::test), true};
  std::vector<std::int64_t> rows;
  for (const std::int64_t row : all) {
    const Split split = ferplus.splits[static_cast<std::size_t>(row)];
    if (there[static_cast<std::size_t>(split)]) rows.push_back(row);
  }
  if (rows.size() == images) return rows;
  throw Error(ferplus.source + ": has " + grouped(static_cast<std::int64_t>(all.size())) +
              " rows of votes, " + grouped(static_cast<std::int64_t>(rows.size())) +
              " of them for the splits of " + set.source + ", which has " + grouped(set.size()) +
              " images; needed is a row for each image, in the order of fer2013.csv");
}

void check_usage(const FaceSet& set, const FerPlusVotes& ferplus,
                 const std::vector<std::int64_t>& rows) {
  const auto* splits = set.splits.const_data_ptr<std::uint8_t>();
  for (std::size_t image = 0; image < rows.size(); ++image) {
    const auto row = static_cast<std::size_t>(rows[image]);
    const Split voted = ferplus.splits[row];
    const auto known = static_cast<Split>(splits[image]);
    if (voted == Split::none || known == Split::none || voted == known) continue;
    throw Error(ferplus.source + ":" + std::to_string(ferplus.lines[row]) + ": Usage is " +
                std::string(usage_name(voted)) + ", but image " + std::to_string(image + 1) +
                " of " + set.source + " is of " + std::string(usage_name(known)) +
                "; the rows must stand in the order of fer2013.csv");
  }
}

}  // namespace

FerPlusVotes read_ferplus_csv(const std::filesystem::path& path) {
  const MappedFile file(path);
  const std::string_view text = file.bytes();
  if (trim(text).empty()) {
    throw Error(path.string() + ": is empty; FER+'s CSV (fer2013new.csv) is expected");
  }
  try {
    FerPlusVotes read = parse(without_byte_order_mark(text));
    read.source = path.string();
    if (read.lines.empty()) throw Error(path.string() + ": holds a header and no rows");
    check_mapped_files();
    return read;
  } catch (const CsvMistake& mistake) {
    throw csv_error(path, text, mistake);
  }
}

std::int64_t join_votes(FaceSet& set, const FerPlusVotes& ferplus) {
  if (set.votes.defined()) {
    throw Error(set.source + ": has FER+ votes already; those of " + ferplus.source +
                " cannot be joined with it as well");
  }
  const std::vector<std::int64_t> rows = rows_for(set, ferplus);
  check_usage(set, ferplus, rows);
  set.votes = ferplus.votes.index_select(0, at::tensor(rows, at::kLong));
  return static_cast<std::int64_t>(ferplus.lines.size() - rows.size());
}

}  // namespace fer::data
