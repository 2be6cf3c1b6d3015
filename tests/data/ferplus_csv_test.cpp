#include "fer/data/ferplus_csv.h"

#include <ATen/Functions.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "data/csv_fixtures.h"
#include "data/set_fixtures.h"
#include "data/vote_fixtures.h"
#include "fer/core/error.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer::data {
namespace {

using Catch::Matchers::Equals;
using Catch::Matchers::MessageMatches;
using test::kVoteHeader;
using test::make_set;
using test::save;
using test::TemporaryFolder;
using test::vote_line;
using test::votes_of;

auto is_said(const std::string& message) { return MessageMatches(Equals(message)); }

FerPlusVotes votes_in(const std::string& content) {
  const TemporaryFolder folder;
  return read_ferplus_csv(save(folder / "votes.csv", content));
}

// The error for a bad file, without the folder in front.
std::string vote_complaint(const std::string& content) {
  const TemporaryFolder folder;
  try {
    read_ferplus_csv(save(folder / "votes.csv", content));
  } catch (const Error& error) {
    return std::string(error.what()).substr(folder.path().string().size() + 1);
  }
  return "no vote_complaint";
}

// Votes without a file: one row a split, the row's number as its votes for neutral.
FerPlusVotes rows_of(const std::vector<Split>& splits) {
  FerPlusVotes ferplus;
  ferplus.source = "votes.csv";
  ferplus.splits = splits;
  std::vector<test::VoteRow> rows;
  for (std::size_t i = 0; i < splits.size(); ++i) {
    rows.push_back({static_cast<int>(i), 0, 0, 0, 0, 0, 0, 0, 0, 0});
    ferplus.lines.push_back(static_cast<std::int64_t>(i) + 2);
  }
  ferplus.votes = votes_of(rows);
  return ferplus;
}

std::vector<int> neutral_votes(const FaceSet& set) {
  std::vector<int> votes;
  for (std::int64_t i = 0; i < set.size(); ++i) votes.push_back(set.votes[i][0].item<int>());
  return votes;
}

TEST_CASE("Every row of FER+ becomes ten votes and a split", "[data][unit]") {
  const FerPlusVotes read_votes =
      votes_in(kVoteHeader + vote_line("Training", {4, 0, 0, 1, 3, 2, 0, 0, 0, 0}) +
               vote_line("PublicTest", {0, 1, 2, 3, 0, 0, 1, 1, 1, 1}) +
               "PrivateTest,,0,0,0,0,0,0,0,0,0,10\n");  // no face: FER+ names no image
  CHECK(read_votes.votes.equal(votes_of({{4, 0, 0, 1, 3, 2, 0, 0, 0, 0},
                                         {0, 1, 2, 3, 0, 0, 1, 1, 1, 1},
                                         {0, 0, 0, 0, 0, 0, 0, 0, 0, 10}})));
  CHECK((read_votes.splits == std::vector<Split>{Split::train, Split::val, Split::test}));
  CHECK(read_votes.lines == std::vector<std::int64_t>{2, 3, 4});
  CHECK(read_votes.source.ends_with("votes.csv"));
}

TEST_CASE("FER+'s columns may stand in any order and be spelled in any way", "[data][unit]") {
  const FerPlusVotes read_votes = votes_in(
      "\xEF\xBB\xBF nf,UNKNOWN ,Contempt,fear,note,disgust,anger,sadness,surprise,"
      "happiness,\"Neutral\", usage\r\n"
      "0,1,2,3,\"a, b\",4,5,6,7,8, 9 ,training\r\n\r\n"
      "\"10\",0,0,0,,0,0,0,0,0,0,PUBLICTEST");
  CHECK(read_votes.votes.equal(
      votes_of({{9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 10}})));
  CHECK((read_votes.splits == std::vector<Split>{Split::train, Split::val}));
  CHECK(read_votes.lines == std::vector<std::int64_t>{2, 4});
}

TEST_CASE("A file of FER+ votes needs no usage", "[data][unit]") {
  const FerPlusVotes read_votes = votes_in(
      "neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n"
      "1,2,3,4,5,6,7,8,9,100\n");
  CHECK(read_votes.votes.equal(votes_of({{1, 2, 3, 4, 5, 6, 7, 8, 9, 100}})));
  CHECK((read_votes.splits == std::vector<Split>{Split::none}));
}

TEST_CASE("What is no number of votes names line, column, value and what is allowed",
          "[data][unit]") {
  for (const std::string value : {"101", "-1", "", "x", "1.5", "99999999999999999999"}) {
    CHECK(vote_complaint(kVoteHeader + vote_line("Training", {}) + "Training,a.png,0,0,0,0," +
                         value + ",0,0,0,0,0\n") ==
          "votes.csv:3: column 'anger': value '" + value +
              "' is not a number of votes; allowed: 0 to 100");
  }
}

TEST_CASE("A header that is not FER+'s is_said what is missing or double", "[data][unit]") {
  CHECK(
      vote_complaint(test::csv_of(1)) ==
      "votes.csv:1: the header has no column 'neutral'; it has 'emotion', 'pixels', 'Usage'; "
      "needed: neutral, happiness, surprise, sadness, anger, disgust, fear, contempt, unknown, NF "
      "and, if there are splits, Usage");
  CHECK(vote_complaint("neutral,Neutral\n") ==
        "votes.csv:1: the header has the column 'Neutral' twice");
  CHECK(vote_complaint("Usage,usage\n") == "votes.csv:1: the header has the column 'usage' twice");
  CHECK(vote_complaint(std::string(2000, ',') + "\n") ==
        "votes.csv:1: the header has more columns than the 1000 that are allowed");
}

TEST_CASE("Every other mistake in FER+'s file names its line", "[data][unit]") {
  const std::string good = kVoteHeader + vote_line("Training", {});
  CHECK(vote_complaint("") == "votes.csv: is empty; FER+'s CSV (fer2013new.csv) is expected");
  CHECK(vote_complaint(kVoteHeader) == "votes.csv: holds a header and no rows");
  CHECK(vote_complaint(good + vote_line("Test", {})) ==
        "votes.csv:3: column 'Usage': value 'Test' is not a split; allowed: Training, PublicTest, "
        "PrivateTest");
  CHECK(vote_complaint(good + "Training,a.png,0\n") ==
        "votes.csv:3: the row has 3 of the header's 12 columns");
  CHECK(vote_complaint(good + "Training,a.png,0,0,0,0,0,0,0,0,0,0,0\n") ==
        "votes.csv:3: the row has more columns than the header's 12");
  CHECK(vote_complaint(good + "Training,a.png,0,0,0,0,0,0") ==
        "votes.csv:3: the row has 8 of the header's 12 columns (the file ends in this row: is it "
        "cut off?)");
}

TEST_CASE("A file of more than a million rows is refused", "[data][unit]") {
  std::string text = "neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n";
  const std::string row = "0,0,0,0,0,0,0,0,0,0\n";
  text.reserve(text.size() + 1'000'001 * row.size());
  for (int i = 0; i <= 1'000'000; ++i) text += row;
  CHECK(vote_complaint(text) == "votes.csv:1000002: more rows than the 1000000 that are allowed");
}

TEST_CASE("Votes are joined with the images row by row", "[data][unit]") {
  FaceSet set = make_set({{1, 0, Split::train}, {2, 0, Split::train}, {3, 0, Split::val}});
  CHECK(join_votes(set, rows_of({Split::train, Split::train, Split::val})) == 0);
  CHECK(neutral_votes(set) == std::vector<int>{0, 1, 2});
}

TEST_CASE("Rows of splits that the set does not have are left out", "[data][unit]") {
  // As with a fer2013.csv that lacks PrivateTest.
  FaceSet set = make_set({{1, 0, Split::train}, {2, 0, Split::val}});
  CHECK(join_votes(set, rows_of({Split::train, Split::test, Split::val, Split::test})) == 2);
  CHECK(neutral_votes(set) == std::vector<int>{0, 2});
  FaceSet tests = make_set({{1, 0, Split::test}});
  CHECK(join_votes(tests, rows_of({Split::train, Split::val, Split::test})) == 2);
  CHECK(neutral_votes(tests) == std::vector<int>{2});
}

TEST_CASE("Another number of rows is an error that names both", "[data][unit]") {
  FaceSet set = make_set({{1, 0, Split::train}, {2, 0, Split::train}});
  CHECK_THROWS_MATCHES(
      join_votes(set, rows_of({Split::train, Split::val, Split::val, Split::test})), Error,
      is_said(
          "votes.csv: has 4 rows of votes, 1 of them for the splits of made, which has 2 images; "
          "needed is a row for each image, in the order of fer2013.csv"));
  CHECK_FALSE(set.votes.defined());
}

TEST_CASE("The first row whose usage is not its image's split is named", "[data][unit]") {
  FaceSet set = make_set({{1, 0, Split::train}, {2, 0, Split::val}, {3, 0, Split::train}});
  CHECK_THROWS_MATCHES(
      join_votes(set, rows_of({Split::train, Split::train, Split::val})), Error,
      is_said("votes.csv:3: Usage is Training, but image 2 of made is of PublicTest; the rows must "
              "stand in the order of fer2013.csv"));
}

TEST_CASE("Where a split is not known on either side it is not compared", "[data][unit]") {
  FaceSet unsplit = make_set({{1, 0, Split::none}, {2, 0, Split::none}});
  CHECK(join_votes(unsplit, rows_of({Split::train, Split::test})) == 0);
  FaceSet split = make_set({{1, 0, Split::train}, {2, 0, Split::test}});
  CHECK(join_votes(split, rows_of({Split::none, Split::none})) == 0);
  CHECK(neutral_votes(split) == std::vector<int>{0, 1});
}

TEST_CASE("A set is not given votes twice", "[data][unit]") {
  FaceSet set = make_set({{1, 0, Split::train}});
  join_votes(set, rows_of({Split::train}));
  CHECK_THROWS_MATCHES(join_votes(set, rows_of({Split::train})), Error,
                       is_said("made: has FER+ votes already; those of votes.csv cannot be joined "
                               "with it as well"));
}

TEST_CASE("FER+'s header has at most a thousand columns", "[data][unit][bad-input]") {
  const TemporaryFolder folder;
  const auto path = save(folder / "votes.csv", std::string(1000, ',') + "\n");
  CHECK_THROWS_MATCHES(
      read_ferplus_csv(path), Error,
      MessageMatches(Catch::Matchers::ContainsSubstring("more columns than the 1000")));
}

}  // namespace
}  // namespace fer::data
