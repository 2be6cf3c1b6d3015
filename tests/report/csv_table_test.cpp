#include "fer/report/csv_table.h"

#include "fer/core/error.h"
#include "support/catch.h"

namespace {

using fer::report::CsvTable;

TEST_CASE("numbers in CSV read back as they were", "[report][unit]") {
  CsvTable table({"a", "b", "c", "d"});
  table.cell(0.1 + 0.2).cell(std::int64_t{-3}).cell(std::optional<double>()).cell(-1.5).end_row();
  CHECK(table.str() == "a,b,c,d\n0.30000000000000004,-3,,-1.5\n");
}

TEST_CASE("text in CSV keeps to its cell", "[report][unit]") {
  CsvTable table({"a,b"});
  table.cell("say \"x\"").end_row();
  table.cell(std::string("two\nlines\0", 10)).end_row();
  CHECK(table.str() == "\"a,b\"\n\"say \"\"x\"\"\"\ntwo\uFFFDlines\uFFFD\n");
}

TEST_CASE("text in CSV is no formula", "[report][unit]") {
  CsvTable table({"a"});
  for (const char* text : {"=1+1", "+1", "-1", "@x", "1=1"}) table.cell(text).end_row();
  CHECK(table.str() == "a\n'=1+1\n'+1\n'-1\n'@x\n1=1\n");
}

TEST_CASE("a table that is taken in pieces is the same table", "[report][unit]") {
  CsvTable table({"a"});
  table.cell(1.0).end_row();
  CHECK(table.take() == "a\n1\n");
  CHECK(table.take().empty());
  table.cell(2.0).end_row();
  CHECK(table.take() == "2\n");
}

TEST_CASE("rows of CSV are as wide as their head", "[report][unit]") {
  CsvTable table({"a", "b"});
  table.cell(1.0);
  CHECK_THROWS_AS(table.end_row(), fer::Error);
}

}  // namespace
