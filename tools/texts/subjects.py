"""What the texts of the default corpus are about, and the forms they come in."""

from __future__ import annotations

from dataclasses import dataclass

_SUBJECTS = """
volcanoes; earthquakes; floods; hurricanes; wildfires; snow and ice; a heat wave; thunderstorms; rivers; the
ocean; mountains; deserts; forests; caves; islands; glaciers; the night sky; the moon; planets; rockets;
astronauts; telescopes; black holes; atoms; chemistry experiments; electricity; magnets; batteries; solar
panels; wind power; coal mines; oil prices; nuclear power; recycling; plastic waste; air pollution; drinking
water; climate change; endangered animals; dogs; cats; horses; cows and milk; sheep and wool; chickens and eggs;
pigs; birds; owls; penguins; bees and honey; ants; spiders; butterflies; mosquitoes; snakes; frogs; sharks;
whales; fishing; coral reefs; elephants; lions; bears; wolves; monkeys; zoos; veterinarians; gardens; roses;
trees; mushrooms; weeds; farming; tractors; wheat; rice; potatoes; tomatoes; apples; oranges; bananas; grapes
and wine; beer; coffee; tea; chocolate; sugar; salt; spices; bread; cakes; pizza; soup; cheese; meat; vegetarian
meals; breakfast; restaurants; school lunches; recipes; kitchens; hunger; diets; body weight; exercise; sleep;
headaches; fevers; vaccines; measles; cancer; heart disease; diabetes; allergies; pregnancy; childbirth; babies;
dentists; eyeglasses; hearing; skin; broken bones; surgery; nurses; hospitals; medicines; pharmacies; mental
illness; anxiety; depression; addiction; smoking; alcohol; drugs; old age; funerals; grief; weddings; marriage;
divorce; parents; grandparents; brothers and sisters; teenagers; friendship; loneliness; first love; dating;
birthdays; Christmas; holidays; gifts; parties; cooking for guests; neighbours; gossip; secrets; lies; dreams;
fear; anger; joy; courage; kindness; jealousy; shame; boredom; hope; memory; childhood; schools; teachers;
homework; exams; universities; scholarships; libraries; books; novels; poetry; fairy tales; comics; newspapers;
television; radio; films; actors; theatre; dance; ballet; jazz; rock bands; opera; pianos; guitars; violins;
singing; painting; sculpture; museums; photography; fashion; shoes; jewellery; perfume; haircuts; football;
basketball; baseball; tennis; golf; swimming; running; cycling; boxing; ice hockey; skiing; surfing; climbing;
chess; card games; video games; toys; puzzles; gambling; the Olympic Games; referees; injuries in sport;
computers; passwords; e-mail; web sites; search engines; programming; software bugs; robots; artificial
intelligence; mobile phones; social media; spam; hackers; privacy; headphones; cameras; printers; television
sets; satellites; cars; traffic; parking; car repair; buses; trains; bicycles; motorcycles; aeroplanes;
airports; lost luggage; ships; harbours; bridges; roads; tunnels; maps; hotels; tourists; beaches; camping;
passports; border controls; languages; translation; grammar; spelling; dictionaries; handwriting; the alphabet;
numbers; algebra; geometry; statistics; probability; logic; measurement; time and clocks; calendars; money;
banks; loans; taxes; insurance; pensions; wages; unemployment; job interviews; bosses; offices; meetings;
strikes and unions; factories; steel; construction; houses; rent; landlords; furniture; plumbing; paint and
walls; roofs; heating; cleaning; laundry; shopping; supermarkets; prices and inflation; sales and discounts;
refunds; advertising; brands; contracts; small businesses; mergers; the stock market; trade and tariffs;
poverty; charity; homelessness; refugees; immigration; elections; presidents; parliaments; mayors; political
parties; campaign speeches; protests; revolutions; dictators; democracy; freedom of speech; censorship;
corruption; laws; courts; judges; lawyers; juries; police; theft; fraud; murder trials; prisons; kidnapping;
terrorism; guns; soldiers; wars; peace talks; nuclear weapons; spies; diplomats; kings and queens; empires;
ancient Rome; ancient Egypt; the Middle Ages; slavery; colonies; explorers; archaeology; fossils; dinosaurs;
evolution; genes; cells; bacteria; viruses; the brain; psychology; philosophy; religion; prayer; churches;
mosques; temples; miracles; ghosts; magic; astrology; luck; jokes; insults; apologies; compliments; advice;
promises; rumours; women's rights; racism; abortion; the death penalty; animal rights; children's rights;
volunteers; firefighters; ambulances; city planning; parks; playgrounds; noise; street lights; postal services;
packages; internet access; public toilets; customs and manners; gender; twins; left-handed people; colours;
music lessons; knitting; sewing; pottery; woodwork; collecting stamps; antiques; fireworks; flags
"""

SUBJECTS: tuple[str, ...] = tuple(" ".join(subject.split()) for subject in _SUBJECTS.split(";"))


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of text: what it is called in a prompt, and how such texts begin (`{}` stands for the subject)."""

    name: str
    openings: tuple[str, ...]


FORMS: tuple[Form, ...] = (
    Form(
        "news report",
        (
            "Officials said on",
            "Hundreds of people",
            "The government announced",
            "After weeks of",
            "A new report on {} says",
            "Police in",
        ),
    ),
    Form(
        "diary entry",
        ("Today I", "This morning my", "I could not stop thinking about {}", "We spent the", "Last night I"),
    ),
    Form(
        "question on an online forum",
        ("Does anyone know", "Why do", "What is the best way to", "How can I", "Is it true that {}", "Has anyone here"),
    ),
    Form(
        "customer review",
        ("I bought this", "Five stars.", "Very disappointed with", "My wife and I", "The staff", "It works well, but"),
    ),
    Form(
        "opinion piece",
        ("I think that {}", "It is time", "We should", "Nobody seems to", "In my view,", "Too many people"),
    ),
    Form(
        "encyclopedia article",
        ("In general, {}", "The history of {}", "The term", "There are several kinds of", "Most"),
    ),
    Form("set of instructions", ("First,", "To begin,", "Never", "Make sure that", "Before you", "Put the")),
    Form(
        "complaint to the company",
        ("I am writing to", "For three weeks", "Nobody answered", "The worst thing", "I want"),
    ),
    Form(
        "short story", ("The old man", "She opened the", "Nobody in the village", "When the children", "It was raining")
    ),
    Form(
        "conversation between two friends", ('"Did you', '"I have never', '"What do you think', '"You should', '"No,')
    ),
    Form("message to a friend", ("Hey, are you", "Thanks for", "Sorry,", "You won't believe", "I just", "lol I")),
    Form(
        "science article",
        ("Researchers have", "A study of", "Scientists believe", "According to the", "The experiment"),
    ),
    Form("advertisement", ("Looking for", "Discover", "Our new", "Don't miss", "Only this week:", "Are you tired of")),
    Form(
        "letter to the editor",
        ("Your article about {}", "As a mother of", "I was surprised", "It makes me", "I have lived"),
    ),
)
"""Forms are asked for by name ("A short ... about ...:"), and each text goes on from one of the openings."""
