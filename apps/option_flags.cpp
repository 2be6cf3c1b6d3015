#include "option_flags.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "fer/core/option_error.h"
#include "fer/core/option_spelling.h"
#include "fer/core/text.h"

namespace fer {

namespace {

// Whether a choice is also an on/off option: --name, --no-name, --name=CHOICE.
bool is_switch(const Field& f) {
  const auto knows = [&](const char* word) {
    return std::find(f.choices.begin(), f.choices.end(), word) != f.choices.end();
  };
  return knows("on") && knows("off");
}

// Throws our own error for a value of an on/off flag that is not true or false; CLI11 would throw
// one of its own.
class TruthCheck final : public OptionVisitor {
 public:
  explicit TruthCheck(const std::vector<std::string>& words) : words_(words) {}

  void field(const Field& f, bool&) override {
    for (const std::string& name : {f.name, "no_" + f.name}) {
      const std::string start = flag_of(name) + "=";
      for (const std::string& word : words_) {
        if (word == "--") break;
        const std::string value = to_lower(word.substr(std::min(start.size(), word.size())));
        if (!word.starts_with(start) || value == "true" || value == "false") continue;
        throw OptionError(name, quote(value) + " is not true or false");
      }
    }
  }
  void field(const Field&, std::int64_t&) override {}
  void field(const Field&, double&) override {}
  void field(const Field&, std::string&) override {}
  void field(const Field&, std::vector<std::string>&) override {}

 private:
  const std::vector<std::string>& words_;
};

// Whether the word is probably a mistyped choice: only letters, and no such file exists. Sources
// that do not exist, such as pictures, cameras and addresses, have a dot, a slash or a digit.
bool is_mistaken_choice(const std::string& word) {
  const bool letters = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalpha(c) != 0 || c == '_' || c == '-';
  });
  std::error_code ignored;
  return letters && word.front() != '-' && !std::filesystem::exists(word, ignored);
}

// The choices of each on/off option, by its flag.
class SwitchCollector final : public OptionVisitor {
 public:
  void field(const Field&, bool&) override {}
  void field(const Field&, std::int64_t&) override {}
  void field(const Field&, double&) override {}
  void field(const Field& f, std::string&) override {
    if (is_switch(f)) switches.emplace(flag_of(f.name), f);
  }
  void field(const Field&, std::vector<std::string>&) override {}

  std::map<std::string, Field> switches;
};

class FlagBinder final : public OptionVisitor {
 public:
  using Words = std::map<std::string, std::unique_ptr<std::vector<std::string>>>;

  FlagBinder(CLI::App& app, Words& words) : app_(app), words_(words) {}

  void field(const Field& f, bool&) override {
    std::vector<std::string>* words = new_words(f);
    const std::string names = flag_of(f.name) + ",!" + flag_of("no_" + f.name);
    const auto keep = [words](std::int64_t on) { words->assign(1, on > 0 ? "true" : "false"); };
    app_.add_flag_function(names, keep)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
  void field(const Field& f, std::int64_t&) override { one(f); }
  void field(const Field& f, double&) override { one(f); }
  void field(const Field& f, std::string&) override {
    if (!is_switch(f)) return one(f);
    std::vector<std::string>* words = new_words(f);
    const std::string names = flag_of(f.name) + "{on}," + flag_of("no_" + f.name) + "{off}";
    app_.add_flag(names, *words)->take_all();
  }
  void field(const Field& f, std::vector<std::string>&) override {
    const std::string names = f.positional ? f.name + "," + flag_of(f.name) : flag_of(f.name);
    CLI::Option* option = app_.add_option(names, *new_words(f));
    // A flag takes one value and may repeat: `--data a b` must not swallow a plain argument.
    if (!f.positional) option->allow_extra_args(false)->take_all();
  }

 private:
  std::vector<std::string>* new_words(const Field& f) {
    auto& slot = words_[f.name];
    slot = std::make_unique<std::vector<std::string>>();
    return slot.get();
  }

  void one(const Field& f) {
    if (f.positional) {
      app_.add_option(f.name + "," + flag_of(f.name), *new_words(f))->expected(1);
      return;
    }
    // Takes one word; CLI11 would let a vector take all words that follow, as in `--threads 1
    // photo.jpg`.
    const std::string former = f.former_name.empty() ? "" : "," + flag_of(f.former_name);
    app_.add_option(flag_of(f.name) + former, *new_words(f))->allow_extra_args(false)->take_all();
  }

  CLI::App& app_;
  Words& words_;
};

}  // namespace

void check_truth_values(const std::vector<std::string>& words, const VisitOptions& options) {
  TruthCheck check(words);
  options(check);
}

std::vector<std::string> with_joined_switches(const std::vector<std::string>& words,
                                              const VisitOptions& options) {
  SwitchCollector collector;
  options(collector);
  std::vector<std::string> joined;
  bool plain = false;  // behind "--" all words are arguments
  for (std::size_t i = 0; i < words.size(); ++i) {
    joined.push_back(words[i]);
    plain |= words[i] == "--";
    const auto found = collector.switches.find(words[i]);
    if (plain || found == collector.switches.end() || i + 1 == words.size()) continue;
    const Field& field = found->second;
    const std::string& next = words[i + 1];
    if (std::find(field.choices.begin(), field.choices.end(), next) != field.choices.end()) {
      joined.back() += "=" + next;
      ++i;
    } else if (is_mistaken_choice(next)) {
      throw OptionError(field.name, quote(next, 200),
                        "is not known, and there is no file of that name; allowed: " +
                            join(field.choices, ", ") + ", or none, which means on");
    }
  }
  return joined;
}

FlagWords::FlagWords(CLI::App& app, const VisitOptions& options) {
  FlagBinder binder(app, words_);
  options(binder);
}

void FlagWords::apply(const VisitOptions& options) const {
  for (const auto& [name, words] : words_) {
    if (!words->empty()) option_from_words(name, *words, options);
  }
}

std::vector<std::string> FlagWords::given() const {
  std::vector<std::string> names;
  for (const auto& [name, words] : words_) {
    if (!words->empty()) names.push_back(name);
  }
  return names;
}

std::string FlagWords::word(const std::string& name) const {
  const auto found = words_.find(name);
  return found == words_.end() || found->second->empty() ? "" : found->second->back();
}

}  // namespace fer
