"""What the texts of the benchmark are made of: words of a dozen topics, sentences about them, other languages."""

from __future__ import annotations

WORDS: dict[str, tuple[str, ...]] = {
    "food": ("soup", "bread", "cheese", "rice", "apples", "pasta", "cake", "salad", "chicken stew", "noodles"),
    "animals": (
        "a dog",
        "a cat",
        "a horse",
        "two goats",
        "an owl",
        "a fox",
        "a parrot",
        "some bees",
        "a cow",
        "a bear",
    ),
    "weather": ("rain", "snow", "fog", "a thunderstorm", "a heat wave", "strong wind", "hail", "frost", "drizzle"),
    "sport": ("tennis", "football", "basketball", "swimming", "hockey", "rowing", "boxing", "cricket", "volleyball"),
    "music": ("the piano", "a violin", "the drums", "an old guitar", "the flute", "a cello", "the trumpet", "the harp"),
    "travel": ("Lisbon", "Kyoto", "Cairo", "Oslo", "Lima", "Prague", "Nairobi", "Hanoi", "Dublin", "Quito"),
    "money": (
        "the loan",
        "her salary",
        "the rent",
        "the tax bill",
        "his savings",
        "the mortgage",
        "the fee",
        "a refund",
    ),
    "health": ("a fever", "a broken arm", "the flu", "a headache", "asthma", "a sore throat", "an infection", "a rash"),
    "war": ("the army", "the soldiers", "the enemy troops", "the tanks", "the invaders", "the rebels", "the bombers"),
    "school": ("algebra", "grammar", "geography", "spelling", "history", "chemistry", "geometry", "biology"),
    "computers": ("the laptop", "the software", "the server", "the website", "the keyboard", "the database", "the app"),
    "family": ("my sister", "his uncle", "her mother", "our cousins", "their grandmother", "my father", "her twins"),
}
"""By topic: what its sentences are about."""

SENTENCES: dict[str, tuple[str, ...]] = {
    "food": (
        "{name} cooked {x} for dinner.",
        "The {x} tasted burnt.",
        "We ate {x} in the kitchen.",
        "{name} loves {x} with a little salt.",
        "They serve {x} at the small restaurant.",
        "I will bake or boil {x} later.",
    ),
    "animals": (
        "{name} saw {x} behind the barn.",
        "There was {x} in the garden.",
        "We fed {x} every morning.",
        "{name} keeps {x} at the farm.",
        "A vet looked after {x} last year.",
        "I will photograph {x} near the pond.",
    ),
    "weather": (
        "The forecast promised {x} for the coast.",
        "{name} stayed in because of {x}.",
        "There was {x} all over the north.",
        "After {x} came a clear sky.",
        "The valley gets {x} in March.",
        "I will wait until {x} is over.",
    ),
    "sport": (
        "{name} won the final in {x}.",
        "The coach taught {x} to the juniors.",
        "Our club plays {x} on the new pitch.",
        "The champion gave up {x} after an injury.",
        "Fans of {x} filled the stadium.",
        "I will train hard for {x}.",
    ),
    "music": (
        "{name} played {x} at the concert.",
        "The orchestra needs someone for {x}.",
        "She practised {x} until late.",
        "He tuned {x} before the song.",
        "The band recorded {x} in one take.",
        "I will learn {x} by ear.",
    ),
    "travel": (
        "{name} flew to {x} in spring.",
        "The train to {x} leaves from the main station.",
        "We booked a hotel in {x}.",
        "Tourists came back from {x} with stories.",
        "A guidebook to {x} lay in the suitcase.",
        "I will visit {x} by boat.",
    ),
    "money": (
        "{name} could not pay {x}.",
        "The bank asked about {x}.",
        "Interest is due on {x}.",
        "An accountant checked {x} twice.",
        "Nobody knew how much {x} would cost.",
        "I will put aside cash for {x}.",
    ),
    "health": (
        "{name} went to the doctor with {x}.",
        "The nurse treated {x} at the clinic.",
        "He recovered from {x} slowly.",
        "The hospital sees many cases of {x}.",
        "Pills did not help against {x}.",
        "I will see a physician about {x}.",
    ),
    "war": (
        "At dawn {x} crossed the border.",
        "{name} wrote about {x} and the siege.",
        "The general feared {x}.",
        "The village was shelled by {x}.",
        "A truce stopped {x} at the river.",
        "I will never forget {x} in the battle.",
    ),
    "school": (
        "{name} failed the exam in {x}.",
        "The teacher explained {x} to the class.",
        "Pupils find {x} hard.",
        "Our homework was about {x}.",
        "A new textbook on {x} came out.",
        "I will study {x} for the test.",
    ),
    "computers": (
        "{name} restarted {x} after the crash.",
        "An update broke {x}.",
        "Hackers got into {x} overnight.",
        "The engineer debugged {x} for hours.",
        "A virus slowed down {x}.",
        "I will back up {x} first.",
    ),
    "family": (
        "{name} invited {x} to the birthday.",
        "A letter came from {x}.",
        "Everyone missed {x} at the wedding.",
        "The photograph shows {x} as a child.",
        "We named the baby after {x}.",
        "I will call {x} on the phone.",
    ),
}
"""By topic: sentences with {x} for a thing; {name} is a person's."""

QUESTIONS = (
    "Do you remember {x}?",
    "What happened with {x}?",
    "Why did {name} speak of {x}?",
    "Is there any news of {x}?",
    "Have you ever thought about {x}?",
)
NAMES = ("Anna", "Bruno", "Clara", "David", "Elena", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Karin", "Leo")
NUMBERED = (
    "It took {n} days.",
    "That was {n} years ago.",
    "Bus {n} stops there.",
    "Page {n} is missing.",
    "There were {n} of them.",
)
ASIDES = ("(as usual)", "(or so they say)", "(nobody knows why)")
QUOTED = ('"Never again," said {name}.', '{name} said, "Wait for me."', 'The sign read "Keep out".')
TAGS = ("#sunday", "#nofilter", "#throwback", "https://example.org/post", "@{low}", ":)")
OPENERS = ("However, ", "Yesterday, ", "Fortunately, ", "In the end, ", "Then ", "Perhaps ")
ORDERS = ("Please close the door.", "Do not touch that.", "Look at the map.", "Write it down.", "Wait a minute.")

FOREIGN: dict[str, tuple[str, ...]] = {
    "French": (
        "Le train est en retard ce matin.",
        "Elle a acheté du pain et du fromage.",
        "Nous ne savons pas où il habite.",
        "Il fait très froid dans la maison.",
        "Mon frère joue avec le chien.",
        "Qui a ouvert la fenêtre ?",
    ),
    "German": (
        "Der Zug hat heute wieder Verspätung.",
        "Sie hat Brot und Käse gekauft.",
        "Wir wissen nicht, wo er wohnt.",
        "Es ist sehr kalt in dem Haus.",
        "Mein Bruder spielt mit dem Hund.",
        "Wer hat das Fenster geöffnet?",
    ),
    "Spanish": (
        "El tren llega tarde esta mañana.",
        "Ella compró pan y queso en la tienda.",
        "No sabemos dónde vive.",
        "Hace mucho frío en la casa.",
        "Mi hermano juega con el perro.",
        "¿Quién abrió la ventana?",
    ),
    "Italian": (
        "Il treno è in ritardo questa mattina.",
        "Lei ha comprato il pane e il formaggio.",
        "Non sappiamo dove abita.",
        "Fa molto freddo nella casa.",
        "Mio fratello gioca con il cane.",
        "Chi ha aperto la finestra?",
    ),
    "Russian": (
        "Поезд сегодня опаздывает.",
        "Она купила хлеб и сыр.",
        "Мы не знаем, где он живёт.",
        "В доме очень холодно.",
        "Мой брат играет с собакой.",
        "Кто открыл окно?",
    ),
    "Dutch": (
        "De trein heeft vandaag vertraging.",
        "Zij heeft brood en kaas gekocht.",
        "Wij weten niet waar hij woont.",
        "Het is heel koud in het huis.",
        "Mijn broer speelt met de hond.",
        "Wie heeft het raam geopend?",
    ),
}
