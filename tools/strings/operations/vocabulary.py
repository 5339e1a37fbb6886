"""Every function of the library that programs may call: how it is told, and how many bits choosing it costs.

The more usual a function, the fewer its bits. Places in templates: `{text}` the text meant, `{text:of}` " of ..." where
that is another text than the one at hand, `{x:shift}` so many places forward or back, `{x:turn}` that in the alphabet,
`{x:nth}` an ordinal, `{x:map}` a table, `{x}` a noun or a quoted constant; the rest is in `phrases.py`.
"""

from __future__ import annotations

from .expressions import Word
from .functions import edits, letters, pieces, places, wholes, words
from .rarer import *  # noqa: F403

# Whole texts ---------------------------------------------------------------------------------------------------------
REVERSE = Word(wholes.reverse, "reverses {text}", 3)
UPPER = Word(wholes.to_upper, "turns {text} into capitals", 3)
LOWER = Word(wholes.to_lower, "turns {text} into small letters", 3)
SWAP_CASE = Word(wholes.swap_case, "swaps capitals and small letters", 3.5)
CAPITALIZE = Word(wholes.capitalize, "capitalizes the first letter and makes the others small", 4)
TITLE = Word(wholes.title_case, "capitalizes every run of letters and makes its other letters small", 4)
STRIP = Word(wholes.strip, "strips white space from both ends", 3.5)
STRIP_START = Word(wholes.strip_start, "strips white space from the start", 5)
STRIP_END = Word(wholes.strip_end, "strips white space from the end", 5)
COLLAPSE_SPACES = Word(wholes.collapse_spaces, "leaves single spaces between words, and none at the ends", 4.5)
SORT = Word(wholes.sort_characters, "sorts the characters", 3.5)
SORT_DOWN = Word(wholes.sort_characters_down, "sorts the characters in descending order", 5)
SORT_IGNORING_CASE = Word(wholes.sort_ignoring_case, "sorts the characters, capitals and small letters alike", 5)
UNIQUE_IGNORING_CASE = Word(
    wholes.unique_ignoring_case, "keeps only the first of each character, capitals and small letters alike", 6
)
MIRROR_ALPHABET = Word(wholes.mirror_alphabet, "mirrors every letter in the alphabet, a to z and b to y", 5)
SWAP_HALVES = Word(wholes.swap_halves, "swaps the halves of {text}, a middle character going with the second", 4)
SWAP_HALVES_LONGER = Word(
    wholes.swap_halves_longer_first, "swaps the halves of {text}, a middle character going with the first", 5
)
SWAP_HALVES_MIDDLE = Word(
    wholes.swap_halves_around_middle, "swaps the halves of {text}, around the middle character where there is one", 5.5
)
SWAP_NEIGHBOURS = Word(wholes.swap_neighbours, "swaps the characters of every pair", 5)
MIRROR_IMAGE = Word(wholes.add_mirror_image, "appends the mirror image of {text}", 4.5)
MIRROR_IMAGE_SHARING = Word(
    wholes.add_mirror_image_sharing_end, "appends the mirror image of {text} less its first character", 6
)
ALTERNATE_CASE = Word(wholes.alternate_case, "alternates capitals and small letters, a capital first", 4.5)
ALTERNATE_CASE_LOWER = Word(
    wholes.alternate_case_from_lower, "alternates small letters and capitals, a small letter first", 4.5
)
EVENS_THEN_ODDS = Word(wholes.evens_then_odds, "puts every second character, from the first on, before the others", 6)
ODDS_THEN_EVENS = Word(wholes.odds_then_evens, "puts every second character, from the second on, before the others", 6)
COUNT_RUNS = Word(wholes.count_runs, "writes each run of equal characters as the character and its number", 6)
REPEAT_BY_POSITION = Word(wholes.repeat_by_position, "writes the first character once, the second twice, and so on", 6)
SPELL_DIGITS = Word(wholes.spell_digits, "keeps only the digits, as English words with {between} between them", 5)
SPELL_DIGITS_IN_PLACE = Word(wholes.spell_digits_in_place, "replaces every digit with its English word", 5)
ALPHABET_PLACES = Word(
    wholes.alphabet_places,
    "writes the alphabet positions of the letters with {between} between them",
    5,
)
LETTERS_TO_PLACES = Word(wholes.letters_to_places, "replaces every letter with its position in the alphabet", 5.5)

# Whole texts, with parameters ----------------------------------------------------------------------------------------
CONSTANT = Word(wholes.constant_text, "always gives {constant}", 8)
SHIFT = Word(wholes.shift_letters, "moves all letters {places:turn}", 3)
SHIFT_ANY = Word(wholes.shift_any_letters, "moves all letters, accented ones too, {places:turn}", 4)
SHIFT_TO_SMALL = Word(wholes.shift_to_small_letters, "moves all letters {places:turn} and makes them small", 4.5)
SHIFT_TO_SMALL_BY = Word(
    wholes.shift_to_small_letters_by,
    "where there is {key}, moves all letters {direction:direction} by its distance from a and makes them small",
    6,
)
SHIFT_CODES = Word(wholes.shift_codes, "moves the code point of every letter {places:shift}", 5)
SHIFT_ALL_CODES = Word(wholes.shift_all_codes, "moves the code point of every character {places:shift}", 5)
SHIFT_BY_POSITION = Word(
    wholes.shift_letters_by_position,
    "moves the first letter {start:turn}, and the letter at each further position {step:more}",
    6,
)
TRANSLATE = Word(wholes.translate, "replaces {table:map}", 3.5)
TRANSLATE_KEEPING_CASE = Word(wholes.translate_keeping_case, "replaces {table:map}, keeping capitals capital", 4.5)
TRANSLATE_IGNORING_CASE = Word(
    wholes.translate_ignoring_case, "replaces {table:map}, for capitals and small letters alike", 4.5
)
REPLACE = Word(wholes.replace, "replaces every {old} with {new}", 3)
REPLACE_FIRST = Word(wholes.replace_first, "replaces the first {old} with {new}", 5)
INSERT = Word(wholes.insert, "inserts {new} {place:gap}", 3.5)
PREPEND = Word(wholes.prepend, "puts {new} in front", 3)
APPEND = Word(wholes.append, "appends {new}", 3)
ENSURE_END = Word(wholes.ensure_end, "appends {ending} unless {text} ends with it already", 4.5)
ENSURE_START = Word(wholes.ensure_start, "puts {beginning} in front unless {text} starts with it already", 5)
REMOVE_END = Word(wholes.remove_end, "removes {ending} from the end", 5)
REMOVE_START = Word(wholes.remove_start, "removes {beginning} from the start", 5)
REPEAT = Word(wholes.repeat, "repeats {text} {times} times", 3.5)
REPEAT_WITH = Word(wholes.repeat_with, "repeats {text} {times} times with {between} between", 5)
PUT_BETWEEN = Word(wholes.put_between, "puts {new} between all characters", 4)
PUT_BETWEEN_GROUPS = Word(wholes.put_between_groups, "puts {new} after every {size} characters", 5)
PART = Word(wholes.part, "keeps the characters {start:from} {stop:to}", 4)
ROTATE = Word(wholes.rotate, "rotates {text} {places:turned}", 5)
MOVE_START_TO_END = Word(wholes.move_start_to_end, "moves the first {count:many} to the end", 4)
MOVE_END_TO_START = Word(wholes.move_end_to_start, "moves the last {count:many} to the front", 4)
SWAP_CHARACTERS = Word(wholes.swap_characters, "swaps the {one:nth} and the {other:nth} character", 4)
PAD_END = Word(wholes.pad_end, "fills the end with {filling} up to {width} characters", 6)
PAD_START = Word(wholes.pad_start, "fills the start with {filling} up to {width} characters", 6)
REQUIRE_LENGTH = Word(wholes.require_length, "fails on texts of fewer than {least:many}", 4)

# Words between spaces -----------------------------------------------------------------------------------------------
REVERSE_WORDS = Word(words.reverse_word_order, "reverses the order of the words", 4)
REVERSE_WORDS_TIDILY = Word(words.reverse_word_order_tidily, "reverses the order of the words, with single spaces", 5)
REVERSE_EACH_WORD = Word(words.reverse_each_word, "reverses each word", 4)
REVERSE_EACH_TIDILY = Word(words.reverse_each_word_tidily, "reverses each word, single spaces between", 5)
SORT_WORDS = Word(words.sort_words, "sorts the words", 4.5)
SORT_WORDS_IGNORING = Word(words.sort_words_ignoring_case, "sorts the words, capitals and small letters alike", 6)
SORT_WORDS_BY_LENGTH = Word(words.sort_words_by_length, "sorts the words by length", 5.5)
UNIQUE_WORDS = Word(words.unique_words, "keeps only the first of each word", 5)
CAPITALIZE_WORDS = Word(words.capitalize_words, "capitalizes each word and makes its other letters small", 4.5)
JOIN_WORDS = Word(words.join_words, "joins the words with {between} between them", 4.5)
LONGEST_WORD = Word(words.longest_word, "keeps the longest word", 5)
SHORTEST_WORD = Word(words.shortest_word, "keeps the shortest word", 6)
WORD_NUMBER = Word(words.word_number, "keeps the {index:nth} word", 4.5)
INITIALS = Word(words.initials, "keeps the first character of each word", 4.5)
FINAL_LETTERS = Word(words.final_letters, "keeps the last character of each word", 5)
SWAP_WORDS = Word(words.swap_first_and_last_word, "swaps the first and the last word", 5)
ROTATE_WORDS = Word(words.rotate_words, "rotates the words {places:turned}", 6)
WORD_LENGTHS = Word(words.word_lengths, "writes the length of each word with {between} between them", 6)
PIG_LATIN = Word(
    words.pig_latin,
    "moves the consonants before each word's first vowel to its end and adds {after_consonant}, "
    "or only adds {after_vowel} where a vowel comes first",
    6,
)
FIRST_LETTER_TO_END = Word(words.first_letter_to_end, "moves each word's first character to its end and adds {new}", 6)

# Edits of some characters --------------------------------------------------------------------------------------------
KEEP = Word(edits.keep, "keeps only {positions}", 3)
DELETE = Word(edits.delete, "deletes {positions}", 3)
REPLACE_AT = Word(edits.replace_at, "replaces {positions} with {new}", 3)
REPEAT_AT = Word(edits.repeat_at, "writes {positions} {times} times", 3)
INSERT_BEFORE = Word(edits.insert_before, "inserts {new} before {positions}", 4.5)
INSERT_AFTER = Word(edits.insert_after, "inserts {new} after {positions}", 4.5)
SHIFT_AT = Word(edits.shift_at, "moves {positions} {places:turn}", 3)
SHIFT_ANY_AT = Word(edits.shift_any_letters_at, "moves {positions}, accented letters too, {places:turn}", 4)
SHIFT_CODES_AT = Word(edits.shift_codes_at, "moves {positions}, if a letter, {places:shift} in code points", 4)
SHIFT_CODES_TO_A_AT = Word(
    edits.shift_codes_to_a_at, "moves {positions}, if a letter, {places:shift} in code points, but z to a", 4.5
)
SHIFT_CODES_TO_Z_AT = Word(
    edits.shift_codes_to_z_at, "moves {positions}, if a letter, {places:shift} in code points, but a to z", 4.5
)
MIRROR_AT = Word(edits.mirror_at, "mirrors {positions} in the alphabet, a to z and b to y", 9)
UPPER_AT = Word(edits.uppercase_at, "turns {positions} into capitals", 3)
LOWER_AT = Word(edits.lowercase_at, "turns {positions} into small letters", 3.5)
SWAP_CASE_AT = Word(edits.swap_case_at, "swaps the case of {positions}", 4)
UPPER_ONLY_AT = Word(edits.uppercase_only_at, "turns {positions} into capitals and all others into small letters", 5)
TRANSLATE_AT = Word(edits.translate_at, "in {positions}, replaces {table:map}", 6)
REVERSE_AT = Word(edits.reverse_at, "reverses the order of {positions}", 3.5)
SORT_AT = Word(edits.sort_at, "sorts {positions} among themselves", 5)
MOVE_TO_START = Word(edits.move_to_start, "moves {positions} to the front", 4)
MOVE_TO_END = Word(edits.move_to_end, "moves {positions} to the end", 4)

# Positions -----------------------------------------------------------------------------------------------------------
EVERYTHING = Word(places.everything, "all characters{text:of}", 2)
AT = Word(places.at, "the {index:nth} character{text:of}", 1.5)
MIDDLE = Word(places.middle, "the middle character{text:of} (of an even number, the right one)", 2.5)
LEFT_MIDDLE = Word(places.left_middle, "the middle character{text:of} (of an even number, the left one)", 4)
MIDDLE_OF_ODD = Word(places.middle_of_odd, "the middle character{text:of}, where there is exactly one,", 3)
MIDDLE_FROM_THREE = Word(
    places.middle_of_odd_from_three, "the middle character{text:of}, where there is exactly one of three or more,", 3.5
)
MIDDLE_TWO = Word(places.middle_of_odd_or_two, "the middle character or two{text:of}", 4)
BOTH_ENDS = Word(places.both_ends, "the first and the last character{text:of}", 3)
EVERY = Word(places.every, "every {step:step} character{text:of} from the {start:nth} on", 1.5)
EVERY_LETTER = Word(places.every_letter, "every {step:step} letter{text:of} from the {start:nth} on", 3)
FIRST_HALF = Word(places.first_half, "the characters of the first half{text:of}", 3)
LONGER_FIRST_HALF = Word(places.longer_first_half, "the characters of the first half{text:of} with the middle one", 4)
SECOND_HALF = Word(places.second_half, "the characters of the second half{text:of}", 3.5)
LONGER_SECOND_HALF = Word(
    places.longer_second_half, "the characters of the second half{text:of} with the middle one", 3.5
)
FIRST = Word(places.first, "the first {count:many}{text:of}", 1.5)
LAST = Word(places.last, "the last {count:many}{text:of}", 1.5)
AFTER_FIRST = Word(places.after_first, "all characters{text:of} after the first {count:number}", 2.5)
BEFORE_LAST = Word(places.before_last, "all characters{text:of} before the last {count:number}", 2.5)
VOWELS = Word(places.vowels, "the vowels{text:of}", 2)
CONSONANTS = Word(places.consonants, "the consonants{text:of}", 2)
LETTERS = Word(places.letters, "the letters{text:of}", 2.5)
DIGITS = Word(places.digits, "the digits{text:of}", 2.5)
LETTERS_AND_DIGITS = Word(places.letters_and_digits, "the letters and digits{text:of}", 3)
CAPITALS = Word(places.capitals, "the capitals{text:of}", 2.5)
SMALL_LETTERS = Word(places.small_letters, "the small letters{text:of}", 3)
WHITE_SPACE = Word(places.white_space, "the white space{text:of}", 3)
MARKS = Word(places.marks, "the punctuation{text:of}", 3)
ONE_OF = Word(places.one_of, "{characters:each}{text:of}", 2)
FIRST_ONE_OF = Word(places.first_one_of, "the first {characters:any}{text:of}", 3)
LAST_ONE_OF = Word(places.last_one_of, "the last {characters:any}{text:of}", 3.5)
FIRST_PLACES = Word(places.first_places, "the first of {positions}", 2.5)
LAST_PLACES = Word(places.last_places, "the last of {positions}", 2.5)
OTHERS = Word(places.others, "all but {positions}", 1.5)
WORD_STARTS = Word(places.word_starts, "the first character of each word{text:of}", 6)
WORD_ENDS = Word(places.word_ends, "the last character of each word{text:of}", 6.5)
SEEN_BEFORE = Word(places.seen_before, "the characters{text:of} that occurred before", 2)
SAME_AS_PREVIOUS = Word(places.same_as_previous, "the characters{text:of} that equal the one before", 3)
FIRST_OCCURRENCES = Word(places.first_occurrences, "{positions}, each where its like first occurs,", 2)
OCCURRING_ONCE = Word(places.occurring_once, "the characters{text:of} that occur once", 4)

# Pieces of a text ----------------------------------------------------------------------------------------------------
CHARACTER = Word(pieces.character, "the {index:nth} character of {text}", 1.5)
CHARACTER_AT = Word(pieces.character, "the character of {text} at the index given by {index}", 3)
MIDDLE_CHARACTER = Word(pieces.middle_character, "the middle character of {text}", 2.5)
LEFT_MIDDLE_CHARACTER = Word(pieces.left_middle_character, "the middle character of {text} (the left one of two)", 4)
MIDDLE_CHARACTER_OF_ODD = Word(pieces.middle_character_of_odd, "the middle character of {text}, where there is one,", 4)
COMMONEST_CHARACTER = Word(pieces.commonest_character, "the commonest character of {text}", 5)
HIGHEST_CHARACTER = Word(pieces.highest_character, "the character of {text} with the highest code point", 6)
LOWEST_CHARACTER = Word(pieces.lowest_character, "the character of {text} with the lowest code point", 6)
PART_OF = Word(wholes.part, "the part {start:from} {stop:to} of {text}", 2)
REVERSED = Word(wholes.reverse, "{text} reversed", 2.5)
UPPER_OF = Word(wholes.to_upper, "{text} in capitals", 3)
LOWER_OF = Word(wholes.to_lower, "{text} in small letters", 3)
WORD_OF = Word(words.word_number, "the {index:nth} word of {text}", 3)
LONGEST_WORD_OF = Word(words.longest_word, "the longest word of {text}", 4)

# Whole numbers -------------------------------------------------------------------------------------------------------
LENGTH = Word(pieces.length, "the length of {text}", 1.5)
HALF_LENGTH = Word(pieces.half_length, "half the length of {text}, rounded down,", 2)
HALF_LENGTH_UP = Word(pieces.half_length_rounded_up, "half the length of {text}, rounded up,", 3)
ALPHABET_PLACE = Word(letters.alphabet_place, "the alphabet position of {character} (a: 1, no letter: 0)", 1.5)
ALPHABET_INDEX = Word(letters.alphabet_index, "the alphabet position of {character} (a: 0, no letter: 0)", 2)
DISTANCE_FROM_A = Word(letters.distance_from_a, "the distance of {character} from a in code points", 2.5)
CODE = Word(letters.code_of, "the code point of {character}", 3)
NUMBER_OF = Word(pieces.number_of, "the number of {positions:plural}", 1.5)
NUMBER_OF_WORDS = Word(pieces.number_of_words, "the number of words of {text}", 2.5)
NUMBER_OF_DISTINCT = Word(pieces.number_of_distinct, "the number of different characters of {text}", 3)
HIGHEST_COUNT = Word(pieces.highest_count, "how often the commonest character of {text} occurs", 5)
LONGEST_RUN = Word(pieces.longest_run, "the length of the longest run of equal characters of {text}", 5)
LONGEST_WORD_LENGTH = Word(pieces.longest_word_length, "the length of the longest word of {text}", 5)
SUM_OF_DIGITS = Word(pieces.sum_of_digits, "the sum of the digits of {text}", 4)
SUM_OF_PLACES = Word(pieces.sum_of_places, "the sum of the alphabet positions of {text}", 4.5)
SUM_OF_CODES = Word(pieces.sum_of_codes, "the sum of the code points of {text}", 4.5)
PLACE_OF = Word(pieces.place_of, "the position of the first {character} of {text} (from 0; -1: none)", 4)
LAST_PLACE_OF = Word(pieces.last_place_of, "the position of the last {character} of {text} (from 0; -1: none)", 5)
PLUS = Word(pieces.plus, "{number} plus {more}", 1)
TIMES = Word(pieces.times, "{factor} times {number}", 1.5)
REMAINDER = Word(pieces.remainder, "the remainder of {number} divided by {divisor}", 2)
IN_DIGITS = Word(pieces.in_digits, "gives {number} in digits", 2)
IN_WORDS = Word(pieces.in_words, "gives {number} as an English word", 2)
IN_SPACED_WORDS = Word(pieces.in_spaced_words, "gives {number} in English words without hyphens", 3)
IN_WORDS_OR = Word(pieces.in_words_or, "gives {number} as an English word, or {otherwise} where it is negative", 3)
IN_DIGITS_OR = Word(pieces.in_digits_or, "gives {number} in digits, or {otherwise} where it is negative", 3)
POSITIONS_IN_WORDS = Word(
    pieces.positions_in_words, "gives the positions (from 0) of {positions} as English words with {between} between", 4
)
POSITIONS_IN_DIGITS = Word(
    pieces.positions_in_digits, "gives the positions (from 0) of {positions} in digits with {between} between", 4
)
