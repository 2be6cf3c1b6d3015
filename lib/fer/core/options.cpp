#include "fer/core/options.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "fer/core/error.h"
#include "fer/core/number.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"

namespace fer {

using nlohmann::json;

std::string Requirement::text() const {
  return fer::option(option) + (values.empty() ? "" : " " + join(values, " or "));
}

std::string readable_number(double number) {
  constexpr double kFewDigits = 10'000;
  constexpr double kMostWhole = 9e15;  // up to here a double holds every whole number
  const bool long_number = std::abs(number) >= kFewDigits && std::abs(number) <= kMostWhole;
  if (!long_number || number != std::floor(number)) return shortest(number);
  return grouped(static_cast<std::int64_t>(number));
}

std::string allowed_values(const Field& field) {
  if (!field.choices.empty()) return join(field.choices, ", ");
  const bool below = std::isfinite(field.min);
  const bool above = std::isfinite(field.max);
  const std::string unit = field.unit.empty() ? "" : " " + field.unit;
  if (below && above)
    return readable_number(field.min) + " to " + readable_number(field.max) + unit;
  if (below) return "at least " + readable_number(field.min) + unit;
  if (above) return "at most " + readable_number(field.max) + unit;
  return {};
}

namespace {

[[noreturn]] void reject(const Field& field, const std::string& value, const std::string& kind) {
  const std::string allowed = allowed_values(field);
  throw OptionError(field.name,
                    value + " is not " + kind + (allowed.empty() ? "" : "; allowed: " + allowed));
}

void check(const Field& field, double value) {
  // Negated, so that NaN fails, too.
  if (!(value >= field.min && value <= field.max)) {
    reject(field, shortest(value), "allowed");
  }
}

void check(const Field& field, const std::string& value) {
  if (field.non_empty && value.empty()) throw OptionError(field.name, "must not be empty");
  if (field.choices.empty()) return;
  if (std::find(field.choices.begin(), field.choices.end(), value) == field.choices.end()) {
    reject(field, quote(value), "known");
  }
}

// The names of the fields that `wanted` takes.
class NameCollector final : public OptionVisitor {
 public:
  explicit NameCollector(bool (*wanted)(const Field&)) : wanted_(wanted) {}

  void field(const Field& f, bool&) override { collect(f); }
  void field(const Field& f, std::int64_t&) override { collect(f); }
  void field(const Field& f, double&) override { collect(f); }
  void field(const Field& f, std::string&) override { collect(f); }
  void field(const Field& f, std::vector<std::string>&) override { collect(f); }

  std::vector<std::string> names;

 private:
  void collect(const Field& f) {
    if (wanted_(f)) names.push_back(f.name);
  }

  bool (*wanted_)(const Field&);
};

std::vector<std::string> names_of(const VisitOptions& options, bool (*wanted)(const Field&)) {
  NameCollector collector(wanted);
  options(collector);
  return collector.names;
}

// The names of the fields marked instead() that are on.
class InsteadCollector final : public OptionVisitor {
 public:
  void field(const Field& f, bool& value) override { collect(f, value); }
  void field(const Field&, std::int64_t&) override {}
  void field(const Field&, double&) override {}
  void field(const Field& f, std::string& value) override { collect(f, !value.empty()); }
  void field(const Field& f, std::vector<std::string>& value) override {
    collect(f, !value.empty());
  }

  std::vector<std::string> names;

 private:
  void collect(const Field& f, bool on) {
    if (f.replaces && on) names.push_back(f.name);
  }
};

// Former names of fields -> the names that they have now.
class FormerNameCollector final : public OptionVisitor {
 public:
  void field(const Field& f, bool&) override { collect(f); }
  void field(const Field& f, std::int64_t&) override { collect(f); }
  void field(const Field& f, double&) override { collect(f); }
  void field(const Field& f, std::string&) override { collect(f); }
  void field(const Field& f, std::vector<std::string>&) override { collect(f); }

  std::map<std::string, std::string> names;

 private:
  void collect(const Field& f) {
    if (!f.former_name.empty()) names[f.former_name] = f.name;
  }
};

class JsonWriter final : public OptionVisitor {
 public:
  void field(const Field& f, bool& value) override { put(f, value); }
  void field(const Field& f, std::int64_t& value) override { put(f, value); }
  void field(const Field& f, double& value) override { put(f, value); }
  void field(const Field& f, std::string& value) override {
    check_utf8(f, value);
    put(f, value);
  }
  void field(const Field& f, std::vector<std::string>& value) override {
    for (const std::string& entry : value) check_utf8(f, entry);
    put(f, value);
  }

  json result = json::object();

 private:
  // A path may be any bytes, JSON may not.
  static void check_utf8(const Field& f, const std::string& value) {
    if (f.recorded && !is_utf8(value)) {
      throw OptionError(f.name, quote(value) + " is not UTF-8, which is needed to record it");
    }
  }

  template <class T>
  void put(const Field& f, const T& value) {
    if (f.recorded) result[f.name] = value;
  }
};

class JsonReader final : public OptionVisitor {
 public:
  explicit JsonReader(const json& source) : source_(source) {}

  void field(const Field& f, bool& value) override {
    const auto is_truth = [](const json& j) { return j.is_boolean(); };
    read(f, "true or false", is_truth, value);
  }
  void field(const Field& f, std::int64_t& value) override {
    if (read(f, "a whole number", is_int64, value)) {
      check(f, static_cast<double>(value));
    }
  }
  void field(const Field& f, double& value) override {
    const auto is_number = [](const json& j) { return j.is_number(); };
    if (read(f, "a number", is_number, value)) check(f, value);
  }
  void field(const Field& f, std::string& value) override {
    const auto is_text = [](const json& j) { return j.is_string(); };
    const auto found = source_.find(f.name);
    // An on/off option of a former version that has become a choice.
    const bool switched =
        found != source_.end() && found->is_boolean() && knows(f, "on") && knows(f, "off");
    if (switched) {
      value = found->get<bool>() ? "on" : "off";
      return;
    }
    if (read(f, "a text", is_text, value)) check(f, value);
  }
  void field(const Field& f, std::vector<std::string>& value) override {
    const auto found = source_.find(f.name);
    if (found == source_.end()) return;
    const json list = found->is_string() ? json::array({*found}) : *found;
    const bool texts = list.is_array() && std::all_of(list.begin(), list.end(),
                                                      [](const json& e) { return e.is_string(); });
    if (!texts) reject(f, quote(found->dump()), "a list of texts");
    value = list.get<std::vector<std::string>>();
    for (const std::string& entry : value) check(f, entry);
  }

 private:
  static bool knows(const Field& f, const char* choice) {
    return std::find(f.choices.begin(), f.choices.end(), choice) != f.choices.end();
  }

  // json holds whole numbers up to 2^64, but get() would turn those above 2^63 into negative ones.
  static bool is_int64(const json& j) {
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return j.is_number_integer() && !(j.is_number_unsigned() && j.get<std::uint64_t>() > kMost);
  }

  template <class T>
  bool read(const Field& f, const char* kind, bool (*is_kind)(const json&), T& value) {
    const auto found = source_.find(f.name);
    if (found == source_.end()) return false;
    if (!is_kind(*found)) reject(f, quote(found->dump()), kind);
    value = found->get<T>();
    return true;
  }

  const json& source_;
};

// The fields that were changed but have no effect.
class RequirementCollector final : public OptionVisitor {
 public:
  RequirementCollector(const json& given, json usual) : given_(given), usual_(std::move(usual)) {}

  void field(const Field& f, bool&) override { collect(f); }
  void field(const Field& f, std::int64_t&) override { collect(f); }
  void field(const Field& f, double&) override { collect(f); }
  void field(const Field& f, std::string&) override { collect(f); }
  void field(const Field& f, std::vector<std::string>&) override { collect(f); }

  std::vector<std::string> lines;

 private:
  void collect(const Field& f) {
    const Requirement& needs = f.requirement;
    if (needs.option.empty() || !differs(f.name) || is_met(needs)) return;
    lines.push_back(option(f.name) + ": has no effect without " + needs.text());
  }

  bool differs(const std::string& name) const { return given_.value(name, json()) != usual_[name]; }

  bool is_met(const Requirement& needs) const {
    if (needs.values.empty()) return differs(needs.option);
    const json value = given_.value(needs.option, json());
    // Compares strings: with newer versions of nlohmann/json a string and a json cannot be
    // compared.
    return value.is_string() && std::find(needs.values.begin(), needs.values.end(),
                                          value.get<std::string>()) != needs.values.end();
  }

  const json& given_;
  json usual_;
};

class WordReader final : public OptionVisitor {
 public:
  WordReader(const std::string& name, const std::vector<std::string>& words)
      : name_(name), words_(words) {}

  void field(const Field& f, bool& value) override {
    if (f.name != name_) return;
    const std::string word = to_lower(words_.back());
    if (word != "true" && word != "false") reject(f, quote(word), "true or false");
    value = word == "true";
  }
  void field(const Field& f, std::int64_t& value) override { number(f, "a whole number", value); }
  void field(const Field& f, double& value) override { number(f, "a number", value); }
  void field(const Field& f, std::string& value) override {
    if (f.name != name_) return;
    check(f, words_.back());
    value = words_.back();
  }
  void field(const Field& f, std::vector<std::string>& value) override {
    if (f.name != name_) return;
    for (const std::string& word : words_) check(f, word);
    value = words_;
  }

 private:
  template <class T>
  void number(const Field& f, const char* kind, T& value) {
    if (f.name != name_) return;
    const auto parsed = to_number<T>(words_.back());
    if (!parsed) reject(f, quote(words_.back()), kind);
    check(f, static_cast<double>(*parsed));
    value = *parsed;
  }

  const std::string& name_;
  const std::vector<std::string>& words_;
};

}  // namespace

std::vector<std::string> option_names(const VisitOptions& options) {
  return names_of(options, [](const Field&) { return true; });
}

std::vector<std::string> fixed_option_names(const VisitOptions& options) {
  return names_of(options, [](const Field& field) { return field.fixed; });
}

std::vector<std::string> split_option_names(const VisitOptions& options) {
  return names_of(options, [](const Field& field) { return field.splits; });
}

std::vector<std::string> data_option_names(const VisitOptions& options) {
  return names_of(options, [](const Field& field) { return field.selects; });
}

std::vector<std::string> options_instead(const VisitOptions& options) {
  InsteadCollector collector;
  options(collector);
  return collector.names;
}

std::vector<std::string> options_without_effect(const VisitOptions& options,
                                                const VisitOptions& usual) {
  const json given = options_to_json(options);
  RequirementCollector collector(given, options_to_json(usual));
  options(collector);
  return collector.lines;
}

void options_from_json(const json& given, const VisitOptions& options, const std::string& origin,
                       const std::map<std::string, std::string>& given_places) {
  if (!given.is_object())
    throw Error(origin + ": should hold values of options in braces, as in {\"lr\": 0.01}");
  json source = given;
  std::map<std::string, std::string> places = given_places;
  const auto place_of = [&](const std::string& key) {
    const auto place = places.find(key);
    return place == places.end() ? origin : place->second;
  };
  FormerNameCollector former;
  options(former);
  for (const auto& [old_name, name] : former.names) {
    if (!source.contains(old_name)) continue;
    if (source.contains(name)) {
      throw Error(option(old_name) + " in " + place_of(old_name) + ": is the former name of " +
                  quote(name) + ", which is given, too; keep one");
    }
    source[name] = source[old_name];
    places[name] = place_of(old_name);
    source.erase(old_name);
  }
  const std::vector<std::string> names = option_names(options);
  for (const auto& entry : source.items()) {
    if (std::find(names.begin(), names.end(), entry.key()) != names.end()) continue;
    const auto near = nearest(entry.key(), names);
    throw Error(option(printable(entry.key())) + " in " + place_of(entry.key()) + ": unknown key" +
                (near ? "; did you mean " + quote(*near) + "?" : "; known: " + join(names, ", ")));
  }
  JsonReader reader(source);
  try {
    options(reader);
  } catch (const OptionError& error) {
    throw error.from(place_of(error.field()));
  }
}

json options_to_json(const VisitOptions& options) {
  JsonWriter writer;
  options(writer);
  return writer.result;
}

void option_from_words(const std::string& name, const std::vector<std::string>& words,
                       const VisitOptions& options) {
  WordReader reader(name, words);
  options(reader);
}

std::string plain_text(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace fer
