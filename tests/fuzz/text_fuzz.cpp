// Untrusted text from files and clients on its way to terminals, pages, tables and folders.
#include <algorithm>

#include "fer/core/address.h"
#include "fer/core/display_text.h"
#include "fer/core/files.h"
#include "fer/core/json_text.h"
#include "fer/core/text.h"
#include "fer/report/base64.h"
#include "fer/report/csv_table.h"
#include "fer/report/html.h"
#include "fuzz/fuzz_target.h"

namespace fer::fuzz {

namespace {

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char byte) {
    return static_cast<unsigned char>(byte) < ' ' || byte == '\x7f';
  });
}

void show(std::string_view bytes) {
  const std::string shown = safe_to_show(bytes);
  require(is_utf8(shown) && !has_control(shown), "what is shown has no control characters");
  require(safe_to_show(shown) == shown, "what is safe stays as it is");
  require(is_utf8(printable(bytes)) && !has_control(printable(bytes)), "a quote is printable");
  require(printable(bytes).size() <= 4 * 40 + 4 + 3, "a quote is short");
  require(column_width(fit_columns(bytes, 20)) <= 20, "a cell fits its columns");
  require(column_width(pad_left(bytes, 20)) == 20, "a cell fills its columns");
}

void name(std::string_view bytes) {
  const std::string file = as_file_name(bytes);
  require(!file.empty() && file.find('/') == file.npos && file.front() != '.',
          "a file's name leads nowhere else");
  source_stem(bytes);
  const std::string hidden = without_passwords(bytes);
  require(without_passwords(hidden) == hidden, "what is hidden stays hidden");
}

void encode(std::string_view bytes) {
  require(report::bytes_of_base64(report::base64(bytes)) == std::string(bytes),
          "base64 gives back what it was given");
  report::bytes_of_base64(bytes);
  json_text(nlohmann::json(std::string(bytes)));
  const std::string page = report::html::text(bytes).str();
  require(page.find_first_of("<>") == page.npos && is_utf8(page), "text of a page opens no tag");
  report::CsvTable table({"text"});
  table.cell(bytes).end_row();
  require(is_utf8(table.str()), "a table is text");
}

}  // namespace

void text(std::string_view bytes) {
  show(bytes);
  name(bytes);
  encode(bytes);
}

}  // namespace fer::fuzz
