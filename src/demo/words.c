#include "demo/words.h"
#include <string.h>

typedef struct name {
    const char *written, *ascii;
} name;

typedef struct culture {
    const char *countries; /* where these names are at home */
    const name *given, *family;
    size_t ngiven, nfamily;
    unsigned abroad; /* weight everywhere else */
    bool family_first, rtl;
} culture;

static const name english_given[] = {
    {"James", "james"},     {"Mary", "mary"},       {"Olivia", "olivia"}, {"Liam", "liam"},
    {"Emma", "emma"},       {"Noah", "noah"},       {"Ava", "ava"},       {"Grace", "grace"},
    {"Jack", "jack"},       {"Chloe", "chloe"},     {"Ethan", "ethan"},   {"Ruby", "ruby"},
    {"Oscar", "oscar"},     {"Hannah", "hannah"},   {"Tyler", "tyler"},   {"Jasmine", "jasmine"},
    {"Dylan", "dylan"},     {"Megan", "megan"},     {"Aaron", "aaron"},   {"Zoë", "zoe"},
    {"Keisha", "keisha"},   {"Marcus", "marcus"},   {"Brooke", "brooke"}, {"Connor", "connor"},
    {"Renée", "renee"},     {"Siobhán", "siobhan"}, {"Nathan", "nathan"}, {"Paige", "paige"},
    {"Darnell", "darnell"}, {"Alexis", "alexis"},
};
static const name english_family[] = {
    {"Smith", "smith"},       {"Johnson", "johnson"},   {"Williams", "williams"},
    {"Brown", "brown"},       {"Jones", "jones"},       {"Miller", "miller"},
    {"Davis", "davis"},       {"Wilson", "wilson"},     {"Anderson", "anderson"},
    {"Taylor", "taylor"},     {"Thomas", "thomas"},     {"Moore", "moore"},
    {"Jackson", "jackson"},   {"Martin", "martin"},     {"Lee", "lee"},
    {"Thompson", "thompson"}, {"White", "white"},       {"Harris", "harris"},
    {"Clark", "clark"},       {"Lewis", "lewis"},       {"Robinson", "robinson"},
    {"Walker", "walker"},     {"Young", "young"},       {"King", "king"},
    {"Wright", "wright"},     {"O'Brien", "obrien"},    {"Washington", "washington"},
    {"McKenzie", "mckenzie"}, {"Campbell", "campbell"}, {"Okafor", "okafor"},
    {"Brontë", "bronte"},     {"Freeman", "freeman"},
};
static const name spanish_given[] = {
    {"José", "jose"},     {"María", "maria"},     {"Lucía", "lucia"},         {"Andrés", "andres"},
    {"Sofía", "sofia"},   {"Martín", "martin"},   {"Valentina", "valentina"}, {"Ángel", "angel"},
    {"Inés", "ines"},     {"Íñigo", "inigo"},     {"Raúl", "raul"},           {"Begoña", "begona"},
    {"Camila", "camila"}, {"Joaquín", "joaquin"}, {"Ximena", "ximena"},       {"Diego", "diego"},
    {"Mateo", "mateo"},   {"Itzel", "itzel"},
};
static const name spanish_family[] = {
    {"García", "garcia"},       {"Rodríguez", "rodriguez"}, {"Martínez", "martinez"},
    {"Hernández", "hernandez"}, {"López", "lopez"},         {"González", "gonzalez"},
    {"Pérez", "perez"},         {"Sánchez", "sanchez"},     {"Ramírez", "ramirez"},
    {"Torres", "torres"},       {"Flores", "flores"},       {"Muñoz", "munoz"},
    {"Núñez", "nunez"},         {"Ibáñez", "ibanez"},       {"de la Cruz", "delacruz"},
    {"Morales", "morales"},
};
static const name german_given[] = {
    {"Jürgen", "juergen"},   {"Anna", "anna"},     {"Lukas", "lukas"},   {"Käthe", "kaethe"},
    {"Björn", "bjoern"},     {"Sören", "soeren"},  {"Mia", "mia"},       {"Felix", "felix"},
    {"Jörg", "joerg"},       {"Lena", "lena"},     {"Øyvind", "oyvind"}, {"Åsa", "asa"},
    {"Günther", "guenther"}, {"Frieda", "frieda"},
};
static const name german_family[] = {
    {"Müller", "mueller"},
    {"Schmidt", "schmidt"},
    {"Schäfer", "schaefer"},
    {"Weiß", "weiss"},
    {"Groß", "gross"},
    {"Köhler", "koehler"},
    {"Jäger", "jaeger"},
    {"Becker", "becker"},
    {"Søndergaard", "sondergaard"},
    {"Lindström", "lindstroem"},
    {"van der Berg", "vanderberg"},
    {"Vogel", "vogel"},
};
static const name french_given[] = {
    {"François", "francois"}, {"Chloé", "chloe"},   {"Léa", "lea"},       {"Hélène", "helene"},
    {"Jérôme", "jerome"},     {"Noël", "noel"},     {"Anaïs", "anais"},   {"Théo", "theo"},
    {"Camille", "camille"},   {"Benoît", "benoit"}, {"Amélie", "amelie"}, {"Loïc", "loic"},
};
static const name french_family[] = {
    {"Lefèvre", "lefevre"}, {"Dubois", "dubois"},     {"Moreau", "moreau"},     {"Bélanger", "belanger"},
    {"Côté", "cote"},       {"Tremblay", "tremblay"}, {"Gauthier", "gauthier"}, {"D'Arc", "darc"},
    {"Lacroix", "lacroix"}, {"Señé", "sene"},
};
static const name slavic_given[] = {
    {"Łukasz", "lukasz"},  {"Zofia", "zofia"}, {"Wojciech", "wojciech"}, {"Małgorzata", "malgorzata"},
    {"Jiří", "jiri"},      {"Tomáš", "tomas"}, {"Željko", "zeljko"},     {"Ana", "ana"},
    {"Дмитрий", "dmitry"}, {"Ольга", "olga"},  {"Οδυσσέας", "odysseas"}, {"Ștefan", "stefan"},
};
static const name slavic_family[] = {
    {"Kowalski", "kowalski"}, {"Wiśniewski", "wisniewski"},
    {"Wójcik", "wojcik"},     {"Dvořák", "dvorak"},
    {"Novák", "novak"},       {"Đorđević", "djordjevic"},
    {"Иванова", "ivanova"},   {"Παπαδόπουλος", "papadopoulos"},
    {"Żuławski", "zulawski"}, {"Horvat", "horvat"},
};
static const name japanese_given[] = {
    {"太郎", "taro"},    {"花子", "hanako"}, {"さくら", "sakura"}, {"健太", "kenta"}, {"美咲", "misaki"},
    {"大輔", "daisuke"}, {"陽菜", "hina"},   {"翔", "sho"},        {"ユキ", "yuki"},  {"一郎", "ichiro"},
};
static const name japanese_family[] = {
    {"山田", "yamada"},   {"佐藤", "sato"}, {"鈴木", "suzuki"},    {"高橋", "takahashi"}, {"田中", "tanaka"},
    {"渡辺", "watanabe"}, {"伊藤", "ito"},  {"小林", "kobayashi"}, {"髙木", "takagi"},
};
static const name chinese_given[] = {
    {"伟", "wei"}, {"芳", "fang"},     {"秀英", "xiuying"},
    {"敏", "min"}, {"민준", "minjun"}, {"서연", "seoyeon"},
};
static const name chinese_family[] = {
    {"王", "wang"}, {"李", "li"}, {"张", "zhang"}, {"陈", "chen"}, {"김", "kim"}, {"박", "park"},
};
static const name arabic_given[] = {
    {"محمد", "mohammed"}, {"فاطمة", "fatima"}, {"يوسف", "yusuf"},
    {"ليلى", "layla"},    {"عمر", "omar"},     {"نور", "nour"},
};
static const name arabic_family[] = {
    {"الأحمد", "alahmad"}, {"حداد", "haddad"},   {"خوري", "khoury"},
    {"المصري", "almasri"}, {"منصور", "mansour"},
};
static const name hebrew_given[] = {
    {"נועה", "noa"}, {"דוד", "david"}, {"תמר", "tamar"}, {"איתי", "itai"}, {"שירה", "shira"},
};
static const name hebrew_family[] = {
    {"כהן", "cohen"}, {"לוי", "levi"}, {"מזרחי", "mizrahi"}, {"פרץ", "peretz"}, {"ביטון", "biton"},
};
static const name indian_given[] = {
    {"Priya", "priya"}, {"Arjun", "arjun"},          {"Ananya", "ananya"}, {"Rohan", "rohan"},
    {"आरव", "aarav"},   {"Nguyễn Thị", "nguyenthi"}, {"Thảo", "thao"},     {"Kwame", "kwame"},
    {"Ngozi", "ngozi"}, {"Chiamaka", "chiamaka"},
};
static const name indian_family[] = {
    {"Sharma", "sharma"}, {"Patel", "patel"},     {"Singh", "singh"}, {"Iyer", "iyer"},
    {"शर्मा", "sharma"},   {"Trần", "tran"},       {"Phạm", "pham"},   {"Đặng", "dang"},
    {"Mensah", "mensah"}, {"Adeyemi", "adeyemi"},
};

#define CULTURE(where, which, weight, first, right)                                                          \
    {                                                                                                        \
        where, which##_given, which##_family, sizeof which##_given / sizeof *which##_given,                  \
            sizeof which##_family / sizeof *which##_family, weight, first, right                             \
    }

static const culture cultures[] = {
    CULTURE("US GB CA", english, 6, false, false), CULTURE("ES MX", spanish, 14, false, false),
    CULTURE("DE", german, 4, false, false),        CULTURE("FR CA", french, 3, false, false),
    CULTURE("", slavic, 5, false, false),          CULTURE("JP", japanese, 2, true, false),
    CULTURE("", chinese, 4, true, false),          CULTURE("", arabic, 3, false, true),
    CULTURE("", hebrew, 2, false, true),           CULTURE("", indian, 7, false, false),
};
enum { CULTURES = sizeof cultures / sizeof *cultures, AT_HOME = 90 };

void words_person(rng *r, const char *country, person *ret)
{
    unsigned weight[CULTURES], total = 0;
    for (int i = 0; i < CULTURES; i++) {
        weight[i] = strstr(cultures[i].countries, country) ? AT_HOME : cultures[i].abroad;
        total += weight[i];
    }
    uint64_t at = rng_below(r, total);
    int c = 0;
    while (at >= weight[c])
        at -= weight[c++];
    const culture *from = &cultures[c];
    const name *given = &from->given[rng_below(r, from->ngiven)];
    const name *family = &from->family[rng_below(r, from->nfamily)];
    *ret =
        (person){given->written, family->written, given->ascii, family->ascii, from->family_first, from->rtl};
}

#define LIST(list, ...)                                                                                      \
    static const char *const list##_words[] = {__VA_ARGS__};                                                 \
    const word_list list = {list##_words, sizeof list##_words / sizeof *list##_words}

LIST(words_adjectives, "Velvet", "Broken", "Electric", "Paper", "Golden", "Midnight", "Hollow", "Crimson",
     "Silent", "Neon", "Distant", "Wild", "Silver", "Burning", "Lunar", "Second", "Lost", "Gentle",
     "Northern", "Plastic", "Sleeping", "Tender", "Hidden", "Concrete", "Honey", "Cobalt", "Amber", "Winter",
     "Static", "Bitter", "Feral", "Marble", "Copper", "Quiet", "Spectral", "Royal", "Drifting", "Endless",
     "Kind", "Nervous");
LIST(words_nouns, "Foxes", "Harbor", "Parade", "Machines", "Orchard", "Wolves", "Signals", "Mirrors",
     "Horses", "Gardens", "Lanterns", "Avenue", "Satellites", "Sparrows", "Choir", "Engine", "Tides",
     "Meadow", "Radio", "Ghosts", "Sirens", "Cathedral", "Planets", "Arcade", "Letters", "Thieves", "Coast",
     "Fever", "Mornings", "Architects", "Canyon", "Pilots", "Summer", "Rivers", "Season", "Kites", "Motel",
     "Echo", "Island", "Comets");
LIST(words_venues, "Hall", "Ballroom", "Theatre", "Arena", "Club", "Room", "Social", "Warehouse", "Garden",
     "Lounge", "House", "Pavilion", "Works", "Stage", "Auditorium", "Music Hall", "Bowl", "Tavern");
LIST(words_genres, "Indie Rock", "Hip Hop", "Electronic", "House", "Techno", "Folk", "Country", "Jazz", "R&B",
     "Soul", "Pop", "Metal", "Punk", "Latin", "Reggaeton", "K-Pop", "Classical", "Blues", "Ambient",
     "Drum & Bass", "Americana", "Funk", "Shoegaze", "Afrobeats");
LIST(words_streets, "Main St", "Oak Ave", "Congress Ave", "Market St", "Station Rd", "Elm St", "Harbor Blvd",
     "King St", "Mill Ln", "2nd Ave", "Broadway", "Park Pl");
LIST(words_emoji, "🌙", "🔥", "🎸", "✨", "🦊", "👩‍🎤", "🇲🇽", "❤️", "🌈", "👍🏽");
LIST(words_rooms, "", "", "", "", "", "Main", "Upstairs", "Basement");

const char *words_pick(const word_list *list, rng *r)
{
    return list->words[rng_below(r, list->n)];
}
